#include "sim/testing/sockets_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::ample;
using testing::error_of;
using ::testing::Ge;
using ::testing::Le;
using testing::SocketsTest;
using testing::tcp;

const host::Endpoint here = tcp("127.0.0.1", 5060);

class TcpConnectTest : public SocketsTest {
 protected:
  Duration time_until_over(const SharedSocket& socket) {
    const auto start = time.now();
    time.pass_until(start + std::chrono::hours(1), [&] { return socket->is_writable(); });
    return time.now() - start;
  }
};
class TcpStreamTest : public SocketsTest {};
class TcpEndTest : public SocketsTest {};

TEST_F(TcpConnectTest, TakesTwoWays) {
  const auto listener = listen(here);
  const auto client = connect(here);
  EXPECT_EQ(error_of(client->send("x")), EAGAIN);
  EXPECT_EQ(error_of(client->receive(ample)), EAGAIN);
  EXPECT_EQ(error_of(client->peer_endpoint()), ENOTCONN);
  EXPECT_EQ(time_until_over(client), microseconds(60));
  EXPECT_EQ(client->take_error(), 0);
  EXPECT_EQ(error_of(listener->accept()), EAGAIN);
  EXPECT_EQ(time_until_readable(listener), microseconds(30));
  const auto server = listener->accept().value();
  EXPECT_EQ(server->local_endpoint(), here);
  EXPECT_EQ(client->peer_endpoint(), here);
  EXPECT_EQ(server->peer_endpoint(), client->local_endpoint());
}

TEST_F(TcpConnectTest, ReachesWhoListensAtAllAddresses) {
  const auto listener = listen(tcp("0.0.0.0", 5060));
  const auto client = connect(tcp("192.0.2.1", 5060));
  let_arrive();
  EXPECT_EQ(listener->accept().value()->local_endpoint(), tcp("192.0.2.1", 5060));
}

TEST_F(TcpConnectTest, IsRefusedIfNobodyListens) {
  const auto client = connect(here);
  EXPECT_EQ(time_until_over(client), microseconds(60));
  EXPECT_TRUE(client->is_readable());
  EXPECT_EQ(client->take_error(), ECONNREFUSED);
  EXPECT_EQ(error_of(client->send("x")), EPIPE);
  EXPECT_EQ(received(client), "end");
}

TEST_F(TcpConnectTest, NeedsNobodyToAccept) {
  const auto listener = listen(here);
  const auto client = connect(here);
  let_arrive();
  EXPECT_EQ(send(client, "request"), 7U);
  let_arrive();
  EXPECT_EQ(received(listener->accept().value()), "request");
}

TEST_F(TcpConnectTest, IsTriedAgainWhileTheQueueIsFull) {
  const auto listener = listen(here, 1);
  const auto first = connect(here);
  const auto second = connect(here);
  let_arrive();
  EXPECT_TRUE(second->is_writable());
  const auto third = connect(here);
  pass(seconds(2));
  EXPECT_FALSE(third->is_writable());
  EXPECT_TRUE(listener->accept());
  EXPECT_EQ(time_until_over(third), seconds(1) + microseconds(60));
}

TEST_F(TcpConnectTest, TakesLongerForThoseWhoComeAtTheSameTimeIfTheQueueIsShort) {
  const auto listener = listen(here, 0);
  const auto first = connect(here);
  const auto second = connect(here);
  let_arrive();
  EXPECT_TRUE(second->is_writable());  // as far as it knows
  send(second, "request");
  EXPECT_TRUE(listener->accept());
  EXPECT_EQ(error_of(listener->accept()), EAGAIN);
  pass(seconds(1));
  EXPECT_EQ(received(listener->accept().value()), "request");
}

TEST_F(TcpConnectTest, TimesOutAfterTwoMinutes) {
  const auto client = connect(tcp("192.0.2.2", 5060));
  EXPECT_EQ(time_until_over(client), seconds(127));
  EXPECT_EQ(client->take_error(), ETIMEDOUT);
}

TEST_F(TcpConnectTest, MayBeGivenUp) {
  const auto listener = listen(here);
  auto client = connect(here);
  client.reset();
  pass(seconds(200));
  EXPECT_FALSE(listener->is_readable());
}

TEST_F(TcpConnectTest, IsBrokenOffIfTheListenerClosesBeforeItAccepts) {
  auto listener = listen(here);
  const auto client = connect(here);
  let_arrive();
  listener.reset();
  let_arrive();
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
}

TEST_F(TcpConnectTest, IsBrokenOffIfTheListenerClosesInTheMeantime) {
  auto listener = listen(here);
  const auto client = connect(here);
  pass(microseconds(45));
  listener.reset();
  let_arrive();
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
}

TEST_F(TcpConnectTest, UsesOnePortForOneConnection) {
  const auto listener = listen(here, 100);
  const auto client = sockets->connect(here, root, tcp("127.0.0.1", 40'000)).value();
  EXPECT_EQ(error_of(sockets->connect(here, root, tcp("127.0.0.1", 40'000))), EADDRINUSE);
}

TEST_F(TcpConnectTest, LetsAServerListenAgainBesideItsOldConnections) {
  const auto old = connected(here);
  EXPECT_EQ(error_of_listen(here), 0);
}

TEST_F(TcpStreamTest, BringsBytesInOrder) {
  const auto [client, server] = connected(here);
  send(client, "one ");
  send(client, "two ");
  let_arrive();
  send(client, "three");
  EXPECT_EQ(received(server, 5), "one t");
  let_arrive();
  EXPECT_EQ(received(server), "wo three");
  EXPECT_EQ(received(server), "nothing");
}

TEST_F(TcpStreamTest, TakesWhatFitsIntoTheBuffersOfBothEnds) {
  const auto [client, server] = connected(here);
  const std::string text(1'000'000, 'x');
  std::size_t sent = 0;
  for (int turn = 0; turn < 20; ++turn) {
    sent += send(client, text);
    let_arrive();
  }
  EXPECT_THAT(sent, AllOf(Ge(4'000'000U), Le(7'000'000U)));
  EXPECT_EQ(error_of(client->send("x")), EAGAIN);
  EXPECT_FALSE(client->is_writable());
  std::size_t read = 0;
  while (server->is_readable()) {
    read += received(server, 100'000).size();
    let_arrive();
  }
  EXPECT_EQ(read, sent);
  EXPECT_TRUE(client->is_writable());
}

TEST_F(TcpStreamTest, TellsWhenThereIsRoomAgain) {
  const auto [client, server] = connected(here);
  while (send(client, std::string(1'000'000, 'x')) > 0) {
    let_arrive();
  }
  int changes = 0;
  const auto place = client->changes().join([&] { ++changes; });
  (void)received(server, 3'000'000);
  let_arrive();
  EXPECT_GE(changes, 1);
  EXPECT_TRUE(client->is_writable());
}

TEST_F(TcpEndTest, ComesAfterWhatWasSent) {
  auto [client, server] = connected(here);
  send(server, "answer");
  server.reset();
  let_arrive();
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(received(client), "end");
  EXPECT_EQ(received(client), "end");
}

TEST_F(TcpEndTest, ComesAfterAllThatWasKeptForALateReader) {
  auto [client, server] = connected(here);
  std::size_t sent = 0;
  for (int turn = 0; turn < 10; ++turn) {
    sent += send(server, std::string(1'000'000, 'x'));
    let_arrive();
  }
  server.reset();
  std::size_t read = 0;
  for (auto bytes = received(client); bytes != "end"; bytes = received(client)) {
    read += bytes.size();
    let_arrive();
  }
  EXPECT_EQ(read, sent);
}

TEST_F(TcpEndTest, IsAResetIfNotAllWasRead) {
  auto [client, server] = connected(here);
  send(client, "request");
  let_arrive();
  send(server, "answer");
  server.reset();
  let_arrive();
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
  EXPECT_EQ(received(client), "end");
  EXPECT_EQ(error_of(client->send("x")), EPIPE);
}

TEST_F(TcpEndTest, IsAResetIfTheOtherEndWishes) {
  const auto [client, server] = connected(here);
  server->reset();
  let_arrive();
  EXPECT_TRUE(client->is_readable());
  EXPECT_TRUE(client->is_writable());
  EXPECT_EQ(error_of(client->send("x")), ECONNRESET);
  EXPECT_EQ(error_of(client->send("x")), EPIPE);
}

TEST_F(TcpEndTest, IsAResetForWhoSendsToAClosedSocket) {
  auto [client, server] = connected(here);
  server.reset();
  let_arrive();
  EXPECT_EQ(send(client, "late"), 4U);
  let_arrive();
  EXPECT_EQ(error_of(client->send("later")), EPIPE);
  EXPECT_EQ(received(client), "end");
}

TEST_F(TcpEndTest, OvertakesNothing) {
  auto [client, server] = connected(here);
  send(server, "answer");
  server->reset();
  let_arrive();
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
}

TEST_F(TcpEndTest, FreesThePort) {
  const auto from = tcp("127.0.0.1", 40'000);
  {
    const auto listener = listen(here);
    auto client = sockets->connect(here, root, from).value();
    let_arrive();
    auto server = listener->accept().value();
    client.reset();
    server.reset();
  }
  let_arrive();
  EXPECT_EQ(error_of(sockets->connect(here, root, from)), 0);
}

}  // namespace
}  // namespace sim
