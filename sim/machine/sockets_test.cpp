#include "sim/machine/sockets.h"

#include "sim/testing/sockets_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::ample;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using testing::SocketsTest;
using testing::tcp;
using testing::udp;
using testing::unix_datagram;
using testing::unix_stream;

class BindTest : public SocketsTest {};
class AddressTest : public SocketsTest {};
class UdpTest : public SocketsTest {};
class SocketLifeTest : public SocketsTest {};

std::vector<std::uint16_t> ports_of(std::uint64_t seed) {
  Scheduler time;
  SeededRandom random(seed);
  Files files;
  Sockets sockets(time, random, files);
  std::vector<std::uint16_t> ports;
  for (int i = 0; i < 5; ++i) {
    const auto socket = sockets.connect(udp("127.0.0.1", 5060), {}).value();
    ports.push_back(socket->local_endpoint().value().port);
  }
  return ports;
}

TEST_F(BindTest, FailsForAnAddressAndPortThatAreInUse) {
  for (const auto& endpoint : {udp("127.0.0.1", 5060), tcp("127.0.0.1", 5060), udp("::1", 5060)}) {
    const auto first = listen(endpoint);
    EXPECT_EQ(error_of_listen(endpoint), EADDRINUSE) << endpoint.address;
  }
}

TEST_F(BindTest, LetsAnotherAddressPortOrKindHaveTheSame) {
  const auto first = listen(udp("127.0.0.1", 5060));
  for (const auto& endpoint :
       {udp("127.0.0.2", 5060), udp("127.0.0.1", 5061), tcp("127.0.0.1", 5060), udp("::1", 5060)}) {
    EXPECT_EQ(error_of_listen(endpoint), 0) << endpoint.address;
  }
}

TEST_F(BindTest, FailsForAllAddressesIfOneIsInUse) {
  for (const auto& endpoint : {udp("127.0.0.1", 5060), tcp("127.0.0.1", 5060)}) {
    const auto one = listen(endpoint);
    auto all = endpoint;
    all.address = "0.0.0.0";
    EXPECT_EQ(error_of_listen(all), EADDRINUSE);
  }
}

TEST_F(BindTest, FailsForOneAddressIfAllAreInUse) {
  const auto all = listen(udp("0.0.0.0", 5060));
  EXPECT_EQ(error_of_listen(udp("127.0.0.1", 5060)), EADDRINUSE);
  EXPECT_EQ(error_of_listen(udp("::1", 5060)), 0);
}

TEST_F(BindTest, KnowsAnAddressHoweverItIsSpelled) {
  const auto first = listen(udp("::1", 5060));
  EXPECT_EQ(error_of_listen(udp("0:0:0:0:0:0:0:1", 5060)), EADDRINUSE);
}

TEST_F(BindTest, SucceedsAgainWhenTheSocketIsClosed) {
  for (const auto& endpoint : {udp("127.0.0.1", 5060), tcp("127.0.0.1", 5060)}) {
    listen(endpoint)->close();
    EXPECT_EQ(error_of_listen(endpoint), 0);
  }
}

TEST_F(BindTest, FailsForAnAddressThatTheMachineDoesNotHave) {
  EXPECT_EQ(error_of_listen(udp("192.0.2.2", 5060)), EADDRNOTAVAIL);
  EXPECT_EQ(error_of_listen(tcp("2001:db8::1", 5060)), EADDRNOTAVAIL);
  EXPECT_EQ(error_of_listen(tcp("192.0.2.1", 5060)), 0);
  EXPECT_EQ(error_of_listen(tcp("127.255.0.1", 5060)), 0);
}

TEST_F(BindTest, FailsForALowPortIfTheUserIsNotRoot) {
  EXPECT_EQ(error_of_listen(udp("127.0.0.1", 1023), alice), EACCES);
  EXPECT_EQ(error_of_listen(udp("127.0.0.1", 1024), alice), 0);
  EXPECT_EQ(error_of_listen(udp("127.0.0.1", 1023), root), 0);
}

TEST_F(BindTest, FailsForWhatIsNoAddress) {
  EXPECT_EQ(error_of_listen(udp("localhost", 5060)), EINVAL);
  EXPECT_EQ(error_of_connect(tcp("", 5060)), EINVAL);
}

TEST_F(BindTest, FindsAFreePort) {
  const auto first = listen(tcp("127.0.0.1", 0))->local_endpoint().value();
  EXPECT_THAT(first.port, AllOf(Ge(32768), Le(60999)));
}

TEST_F(BindTest, TellsWhereRequestsAreAwaited) {
  const auto tcp_socket = listen(tcp("::1", 5060));
  const auto udp_socket = listen(udp("0.0.0.0", 5060));
  const auto datagrams = listen(unix_datagram("/run/datagrams"));
  const auto stream = listen(unix_stream("/run/stream"));
  const auto udp_client = connect(udp("127.0.0.1", 5060));
  const auto unix_client = connect(unix_datagram("/run/datagrams"));
  EXPECT_THAT(sockets->awaiting_requests(),
              ElementsAre(udp("0.0.0.0", 5060), tcp("::1", 5060), unix_datagram("/run/datagrams"),
                          unix_stream("/run/stream")));
  for (const auto& socket : {tcp_socket, udp_socket, datagrams, stream}) {
    socket->close();
  }
  EXPECT_THAT(sockets->awaiting_requests(), IsEmpty());
}

TEST_F(AddressTest, MayMoveAway) {
  const auto server = listen(udp("192.0.2.1", 5060));
  const auto client = connect(udp("192.0.2.1", 5060));
  send(client, "one");
  let_arrive();
  sockets->remove_address("192.0.2.1");
  send(client, "lost");
  let_arrive();
  sockets->add_address("192.0.2.1");
  send(client, "two");
  let_arrive();
  EXPECT_THAT(all_received(server), ElementsAre("one", "two"));
}

TEST_F(AddressTest, IsTheSourceOfWhatGoesToItself) {
  const auto source_of = [&](const host::Endpoint& to) {
    return connect(to)->local_endpoint().value().address;
  };
  EXPECT_EQ(source_of(udp("127.0.0.2", 5060)), "127.0.0.1");
  EXPECT_EQ(source_of(udp("0.0.0.0", 5060)), "127.0.0.1");
  EXPECT_EQ(source_of(tcp("::1", 5060)), "::1");
  EXPECT_EQ(source_of(tcp("192.0.2.1", 5060)), "192.0.2.1");
  EXPECT_EQ(source_of(udp("198.51.100.1", 5060)), "192.0.2.1");
}

TEST_F(AddressTest, ThatNobodyHasAnswersNothing) {
  const auto datagrams = connect(udp("192.0.2.2", 5060));
  EXPECT_EQ(send(datagrams, "anybody?"), 8U);
  const auto stream = connect(tcp("192.0.2.2", 5060));
  pass(seconds(126));
  EXPECT_FALSE(datagrams->is_readable());
  EXPECT_FALSE(stream->is_writable());
}

TEST_F(AddressTest, CannotBeReachedWithoutARoute) {
  sockets->set_default_route({.error = ENETUNREACH});
  EXPECT_EQ(error_of_connect(udp("198.51.100.1", 5060)), ENETUNREACH);
  EXPECT_EQ(error_of_connect(tcp("198.51.100.1", 5060)), ENETUNREACH);
  EXPECT_EQ(error_of_connect(udp("127.0.0.1", 5060)), 0);
  const auto socket = listen(udp("0.0.0.0", 5060));
  EXPECT_EQ(error_of(socket->send_to("x", udp("198.51.100.1", 5060))), ENETUNREACH);
}

// tcp(7) reports ICMP host unreachable, and udp(7) does not.
TEST_F(AddressTest, MayTurnOutToBeUnreachable) {
  sockets->set_route("192.0.2.2", {.error = EHOSTUNREACH, .after = seconds(3)});
  const auto datagrams = connect(udp("192.0.2.2", 5060));
  EXPECT_EQ(send(datagrams, "anybody?"), 8U);
  const auto stream = connect(tcp("192.0.2.2", 5060));
  EXPECT_EQ(time_until_readable(stream), seconds(3));
  EXPECT_EQ(stream->take_error(), EHOSTUNREACH);
  EXPECT_FALSE(datagrams->is_readable());
}

TEST_F(UdpTest, BringsDatagramsWithTheirSender) {
  const auto server = listen(udp("127.0.0.1", 5060));
  const auto client = connect(udp("127.0.0.1", 5060));
  send(client, "request");
  let_arrive();
  const auto request = server->receive_from(ample).value();
  EXPECT_EQ(request.bytes, "request");
  EXPECT_EQ(request.from, client->local_endpoint());
  EXPECT_EQ(server->send_to("answer", request.from), 6U);
  let_arrive();
  const auto answer = client->receive_from(ample).value();
  EXPECT_EQ(answer.bytes, "answer");
  EXPECT_EQ(answer.from, udp("127.0.0.1", 5060));
  EXPECT_EQ(client->peer_endpoint(), udp("127.0.0.1", 5060));
}

TEST_F(UdpTest, TakesTime) {
  const auto server = listen(udp("127.0.0.1", 5060));
  const auto client = connect(udp("127.0.0.1", 5060));
  send(client, "request");
  EXPECT_EQ(time_until_readable(server), microseconds(30));
}

TEST_F(UdpTest, PrefersTheSocketOfTheAddress) {
  const auto all = listen(udp("0.0.0.0", 5060));
  const auto client = connect(udp("192.0.2.1", 5060));
  send(client, "x");
  let_arrive();
  EXPECT_EQ(received(all), "x");
}

TEST_F(UdpTest, TellsAConnectedSocketThatNobodyListens) {
  const auto client = connect(udp("127.0.0.1", 5060));
  EXPECT_EQ(send(client, "anybody?"), 8U);
  let_arrive();
  EXPECT_TRUE(client->is_readable());
  EXPECT_EQ(error_of(client->send("again?")), ECONNREFUSED);
  EXPECT_EQ(received(client), "nothing");
}

TEST_F(UdpTest, TellsTheRefusalBeforeWhatArrivedEarlier) {
  auto server = listen(udp("127.0.0.1", 5060));
  const auto client = connect(udp("127.0.0.1", 5060));
  server->send_to("answer", client->local_endpoint().value());
  server.reset();
  send(client, "anybody?");
  let_arrive();
  EXPECT_EQ(error_of(client->receive(ample)), ECONNREFUSED);
  EXPECT_EQ(received(client), "answer");
}

TEST_F(UdpTest, TellsNothingToASocketThatIsNotConnected) {
  const auto server = listen(udp("127.0.0.1", 5060));
  EXPECT_EQ(server->send_to("anybody?", udp("127.0.0.1", 5061)), 8U);
  let_arrive();
  EXPECT_FALSE(server->is_readable());
}

TEST_F(UdpTest, HearsOnlyItsPeerWhenConnected) {
  const auto server = listen(udp("127.0.0.1", 5060));
  const auto stranger = listen(udp("127.0.0.1", 5061));
  const auto client = connect(udp("127.0.0.1", 5060));
  stranger->send_to("psst", client->local_endpoint().value());
  server->send_to("answer", client->local_endpoint().value());
  let_arrive();
  EXPECT_THAT(all_received(client), ElementsAre("answer"));
}

TEST_F(UdpTest, SendsNoMoreThanTheLengthOfAPacketCanSay) {
  const auto v4 = connect(udp("127.0.0.1", 5060));
  EXPECT_EQ(error_of(v4->send(std::string(65'507, 'x'))), 0);
  EXPECT_EQ(error_of(v4->send(std::string(65'508, 'x'))), EMSGSIZE);
  const auto v6 = connect(udp("::1", 5060));
  EXPECT_EQ(error_of(v6->send(std::string(65'527, 'x'))), 0);
  EXPECT_EQ(error_of(v6->send(std::string(65'528, 'x'))), EMSGSIZE);
}

TEST_F(UdpTest, CutsADatagramThatIsTooLongForTheReader) {
  const auto server = listen(udp("127.0.0.1", 5060));
  send(connect(udp("127.0.0.1", 5060)), "long one");
  let_arrive();
  EXPECT_EQ(received(server, 4), "long");
  EXPECT_EQ(received(server), "nothing");
}

TEST_F(UdpTest, KeepsAnEmptyDatagram) {
  const auto server = listen(udp("127.0.0.1", 5060));
  send(connect(udp("127.0.0.1", 5060)), "");
  let_arrive();
  EXPECT_EQ(server->receive(ample), "");
}

TEST_F(UdpTest, LosesWhatTheReaderHasNoRoomFor) {
  const auto server = listen(udp("127.0.0.1", 5060));
  const auto client = connect(udp("127.0.0.1", 5060));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(send(client, std::string(300, 'x')), 300U);
  }
  let_arrive();
  EXPECT_THAT(all_received(server), SizeIs(AllOf(Ge(150), Le(250))));
  send(client, "there is room again");
  let_arrive();
  EXPECT_EQ(received(server), "there is room again");
}

TEST_F(UdpTest, ComesFromTheAddressThatWasWished) {
  const auto client =
      sockets->connect(udp("127.0.0.1", 5060), root, udp("127.0.0.7", 5070)).value();
  EXPECT_EQ(client->local_endpoint(), udp("127.0.0.7", 5070));
  EXPECT_EQ(error_of_listen(udp("127.0.0.7", 5070)), EADDRINUSE);
  EXPECT_EQ(error_of(sockets->connect(udp("127.0.0.1", 5060), root, udp("198.51.100.1", 5070))),
            EADDRNOTAVAIL);
}

TEST_F(SocketLifeTest, EndsWhenTheLastOwnerDropsIt) {
  auto socket = listen(udp("127.0.0.1", 5060));
  auto child = socket;
  socket.reset();
  EXPECT_EQ(error_of_listen(udp("127.0.0.1", 5060)), EADDRINUSE);
  child.reset();
  EXPECT_EQ(error_of_listen(udp("127.0.0.1", 5060)), 0);
}

TEST_F(SocketLifeTest, IsOverForAllAfterAClose) {
  const auto stream_listener = listen(unix_stream("/run/stream"));
  const auto datagram_listener = listen(unix_datagram("/run/datagrams"));
  const auto tcp_listener = listen(tcp("127.0.0.1", 5060));
  for (const auto& endpoint : {udp("127.0.0.1", 5060), tcp("127.0.0.1", 5060),
                               unix_datagram("/run/datagrams"), unix_stream("/run/stream")}) {
    const auto socket = connect(endpoint);
    socket->close();
    socket->close();
    EXPECT_EQ(error_of(socket->send("x")), EBADF);
    EXPECT_EQ(error_of(socket->receive(ample)), EBADF);
    EXPECT_EQ(error_of(socket->local_endpoint()), EBADF);
  }
  tcp_listener->close();
  EXPECT_EQ(error_of(tcp_listener->accept()), EBADF);
}

TEST_F(SocketLifeTest, MayOutliveTheNetwork) {
  const auto listener = listen(unix_stream("/run/stream"));
  const auto client = connect(unix_stream("/run/stream"));
  const auto datagrams = listen(unix_datagram("/run/datagrams"));
  const auto [tcp_client, tcp_server] = connected(tcp("127.0.0.1", 5060));
  const auto connecting = connect(tcp("192.0.2.2", 5060));
  const auto udp_client = connect(udp("127.0.0.1", 5060));
  send(udp_client, "on its way");
  send(tcp_client, "on its way");
  sockets.reset();
  pass(seconds(1000));
  EXPECT_EQ(received(tcp_server), "nothing");
}

TEST_F(SocketLifeTest, TellsOfChanges) {
  int changes = 0;
  const auto server = listen(udp("127.0.0.1", 5060));
  const auto place = server->changes().join([&] { ++changes; });
  const auto client = connect(udp("127.0.0.1", 5060));
  send(client, "x");
  EXPECT_EQ(changes, 0);
  let_arrive();
  EXPECT_EQ(changes, 1);
}

TEST_F(SocketLifeTest, GivesEachClientAPortOfTheSeed) {
  EXPECT_EQ(ports_of(1), ports_of(1));
  EXPECT_NE(ports_of(1), ports_of(2));
}

TEST_F(SocketLifeTest, SaysWhatMakesNoSense) {
  const auto server = listen(udp("127.0.0.1", 5060));
  EXPECT_EQ(error_of(server->accept()), EOPNOTSUPP);
  EXPECT_EQ(error_of(server->send("to whom?")), EDESTADDRREQ);
  EXPECT_EQ(error_of(server->peer_endpoint()), ENOTCONN);
  EXPECT_THROW(sockets->set_weather(unix_stream("/run/stream"), {}), std::logic_error);
  EXPECT_THROW(sockets->add_address("example.org"), std::logic_error);
}

}  // namespace
}  // namespace sim
