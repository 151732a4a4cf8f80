#include "sim/testing/sockets_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>

namespace sim {
namespace {

using testing::ample;
using testing::error_of;
using testing::SocketsTest;
using testing::unix_datagram;
using testing::unix_stream;

class UnixSocketTest : public SocketsTest {};
class UnixDatagramTest : public SocketsTest {};
class UnixStreamTest : public SocketsTest {};

TEST_F(UnixSocketTest, IsAFileThatStays) {
  for (const auto& endpoint : {unix_datagram("/run/one"), unix_stream("/run/two")}) {
    listen(endpoint)->close();
    EXPECT_EQ(files.stat(endpoint.address, root).value().type, Inode::Type::socket);
    EXPECT_EQ(error_of_listen(endpoint), EADDRINUSE);
    EXPECT_EQ(error_of_connect(endpoint), ECONNREFUSED);
    files.unlink(endpoint.address, root);
    EXPECT_EQ(error_of_connect(endpoint), ENOENT);
    EXPECT_EQ(error_of_listen(endpoint), 0);
  }
}

TEST_F(UnixSocketTest, HasTheModeThatTheUmaskLeaves) {
  (void)sockets->listen(unix_stream("/run/socket"), {.user = 7, .creation_mask = 027});
  EXPECT_EQ(files.stat("/run/socket", root).value().mode, 0750U);
  EXPECT_EQ(files.stat("/run/socket", root).value().owner.user, 7U);
}

TEST_F(UnixSocketTest, MayOnlyBeTalkedToWithPermissionToWrite) {
  const auto stream = listen(unix_stream("/run/stream"));
  const auto datagrams = listen(unix_datagram("/run/datagrams"));
  EXPECT_EQ(error_of_connect(unix_stream("/run/stream"), alice), EACCES);
  EXPECT_EQ(error_of_connect(unix_datagram("/run/datagrams"), alice), EACCES);
  files.chmod("/run/stream", 0666, root);
  EXPECT_EQ(error_of_connect(unix_stream("/run/stream"), alice), 0);
}

TEST_F(UnixSocketTest, CannotBeMadeWhereNothingMayBeWritten) {
  files.chmod("/run", 0755, root);
  EXPECT_EQ(error_of_listen(unix_stream("/run/socket"), alice), EACCES);
  EXPECT_EQ(error_of_listen(unix_stream("/missing/socket"), root), ENOENT);
}

TEST_F(UnixSocketTest, IsOfOneKind) {
  const auto stream = listen(unix_stream("/run/stream"));
  EXPECT_EQ(error_of_connect(unix_datagram("/run/stream")), EPROTOTYPE);
  files.write("/run/file", "", Writing::replace, 0666, root);
  EXPECT_EQ(error_of_connect(unix_stream("/run/file")), ECONNREFUSED);
}

TEST_F(UnixSocketTest, HasAPathOfAtMost107Bytes) {
  EXPECT_EQ(error_of_listen(unix_stream("")), EINVAL);
  EXPECT_EQ(error_of_listen(unix_stream("/run/" + std::string(103, 'x'))), EINVAL);
  EXPECT_EQ(error_of_listen(unix_stream("/run/" + std::string(102, 'x'))), 0);
}

TEST_F(UnixSocketTest, IsTalkedToUnderAnotherNameToo) {
  const auto stream = listen(unix_stream("/run/stream"));
  files.symlink("/run/stream", "/run/link", root);
  files.rename("/run/stream", "/run/renamed", root);
  EXPECT_EQ(error_of_connect(unix_stream("/run/link")), ENOENT);
  EXPECT_EQ(error_of_connect(unix_stream("/run/renamed")), 0);
}

TEST_F(UnixDatagramTest, IsAnsweredAtAnAbstractAddress) {
  const auto server = listen(unix_datagram("/run/socket"));
  const auto client = connect(unix_datagram("/run/socket"));
  send(client, "request");
  const auto request = server->receive_from(ample).value();
  EXPECT_EQ(request.bytes, "request");
  EXPECT_EQ(request.from.address, std::string("\0"
                                              "00001",
                                              6));
  EXPECT_EQ(server->send_to("answer", request.from), 6U);
  const auto answer = client->receive_from(ample).value();
  EXPECT_EQ(answer.bytes, "answer");
  EXPECT_EQ(answer.from, unix_datagram("/run/socket"));
}

TEST_F(UnixDatagramTest, IsAnsweredAtAFileThatItHas) {
  const auto server = listen(unix_datagram("/run/socket"));
  const auto client =
      sockets->connect(unix_datagram("/run/socket"), root, unix_datagram("/run/mine")).value();
  send(client, "request");
  const auto request = server->receive_from(ample).value();
  EXPECT_EQ(request.from, unix_datagram("/run/mine"));
  server->send_to("answer", request.from);
  EXPECT_EQ(received(client), "answer");
}

TEST_F(UnixDatagramTest, HasRoomForElevenUnlessThePeerIsItsOwn) {
  const auto server = listen(unix_datagram("/run/socket"));
  const auto client = connect(unix_datagram("/run/socket"));
  for (int i = 0; i < 11; ++i) {
    EXPECT_TRUE(client->is_writable());
    EXPECT_EQ(send(client, "x"), 1U);
  }
  EXPECT_FALSE(client->is_writable());
  EXPECT_EQ(error_of(client->send("x")), EAGAIN);
  const auto answer_to = server->receive_from(ample).value().from;
  EXPECT_TRUE(client->is_writable());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(server->send_to("x", answer_to), 1U);
  }
}

TEST_F(UnixDatagramTest, KeepsNoMoreThanTheBufferOfTheSender) {
  const auto server = listen(unix_datagram("/run/socket"));
  const auto client = connect(unix_datagram("/run/socket"));
  EXPECT_EQ(error_of(client->send(std::string(212'961, 'x'))), EMSGSIZE);
  EXPECT_EQ(send(client, std::string(150'000, 'x')), 150'000U);
  EXPECT_EQ(send(client, std::string(150'000, 'x')), 150'000U);
  EXPECT_EQ(error_of(client->send("x")), EAGAIN);
  EXPECT_EQ(received(server).size(), 150'000U);
  EXPECT_EQ(send(client, "x"), 1U);
}

TEST_F(UnixDatagramTest, TellsAllWhoWaitForRoom) {
  const auto server = listen(unix_datagram("/run/socket"));
  const auto loud = connect(unix_datagram("/run/socket"));
  const auto waiting = connect(unix_datagram("/run/socket"));
  while (loud->send("x")) {
  }
  EXPECT_FALSE(waiting->is_writable());
  int changes = 0;
  const auto place = waiting->changes().join([&] { ++changes; });
  EXPECT_EQ(received(server), "x");
  EXPECT_EQ(changes, 1);
  EXPECT_TRUE(waiting->is_writable());
}

TEST_F(UnixDatagramTest, LosesUnreadAnswersWhenItSendsToAPeerThatIsGone) {
  auto server = listen(unix_datagram("/run/socket"));
  const auto client = connect(unix_datagram("/run/socket"));
  server->send_to("answer", client->local_endpoint().value());
  server->send_to("another", client->local_endpoint().value());
  server.reset();
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(error_of(client->send("request")), ECONNREFUSED);
  EXPECT_EQ(received(client), "nothing");
  EXPECT_EQ(error_of(client->send("request")), ENOTCONN);
}

TEST_F(UnixDatagramTest, TellsWhoAnswersAClientThatIsGone) {
  const auto server = listen(unix_datagram("/run/socket"));
  auto client = connect(unix_datagram("/run/socket"));
  const auto from = client->local_endpoint().value();
  client.reset();
  EXPECT_EQ(error_of(server->send_to("answer", from)), ECONNREFUSED);
}

TEST_F(UnixDatagramTest, HearsOnlyItsPeerWhenConnected) {
  const auto server = listen(unix_datagram("/run/socket"));
  const auto stranger = listen(unix_datagram("/run/stranger"));
  const auto client = connect(unix_datagram("/run/socket"));
  EXPECT_EQ(error_of(stranger->send_to("psst", client->local_endpoint().value())), EPERM);
}

TEST_F(UnixStreamTest, IsConnectedAtOnceWithoutAnybodyAccepting) {
  const auto listener = listen(unix_stream("/run/socket"));
  const auto client = connect(unix_stream("/run/socket"));
  EXPECT_TRUE(client->is_writable());
  EXPECT_EQ(send(client, "request"), 7U);
  const auto server = listener->accept().value();
  EXPECT_EQ(received(server), "request");
  send(server, "answer");
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(server->local_endpoint(), unix_stream("/run/socket"));
  EXPECT_EQ(server->peer_endpoint(), unix_stream(""));
  EXPECT_EQ(client->peer_endpoint(), unix_stream("/run/socket"));
}

TEST_F(UnixStreamTest, HasRoomForOneConnectionMoreThanTheBacklog) {
  const auto listener = listen(unix_stream("/run/socket"), 2);
  const auto first = connect(unix_stream("/run/socket"));
  const auto second = connect(unix_stream("/run/socket"));
  const auto third = connect(unix_stream("/run/socket"));
  EXPECT_EQ(error_of_connect(unix_stream("/run/socket")), EAGAIN);
  EXPECT_TRUE(listener->accept());
  EXPECT_EQ(error_of_connect(unix_stream("/run/socket")), 0);
}

TEST_F(UnixStreamTest, TakesAsMuchAsThereIsRoomFor) {
  const auto [client, server] = connected(unix_stream("/run/socket"));
  EXPECT_EQ(send(client, std::string(300'000, 'x')), 212'992U);
  EXPECT_EQ(error_of(client->send("x")), EAGAIN);
  EXPECT_FALSE(client->is_writable());
  EXPECT_EQ(received(server, 100'000).size(), 100'000U);
  EXPECT_EQ(send(client, std::string(300'000, 'x')), 100'000U);
  EXPECT_EQ(received(server).size(), 212'992U);
  EXPECT_TRUE(client->is_writable());
}

TEST_F(UnixStreamTest, EndsAfterWhatWasSent) {
  auto [client, server] = connected(unix_stream("/run/socket"));
  send(server, "answer");
  server.reset();
  EXPECT_EQ(error_of(client->send("x")), EPIPE);
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(received(client), "end");
}

TEST_F(UnixStreamTest, TellsThatNotAllWasRead) {
  auto [client, server] = connected(unix_stream("/run/socket"));
  send(client, "request");
  send(server, "answer");
  server.reset();
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
  EXPECT_EQ(received(client), "end");
}

TEST_F(UnixStreamTest, BreaksOffWhoWasNotAcceptedWhenTheListenerCloses) {
  auto listener = listen(unix_stream("/run/socket"));
  const auto client = connect(unix_stream("/run/socket"));
  listener.reset();
  EXPECT_TRUE(client->is_readable());
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
}

}  // namespace
}  // namespace sim
