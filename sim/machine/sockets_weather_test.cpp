#include "sim/testing/sockets_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace sim {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::ample;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;
using testing::SocketsTest;
using testing::tcp;
using testing::udp;
using Silence = Weather::Silence;

const host::Endpoint udp_here = udp("127.0.0.1", 5060);
const host::Endpoint tcp_here = tcp("127.0.0.1", 5060);

class UdpWeatherTest : public SocketsTest {
 protected:
  // The numbers of the datagrams that arrive.
  std::vector<int> arrivals_of(int count) {
    const auto client = connect(udp_here);
    for (int number = 0; number < count; ++number) {
      send(client, std::to_string(number));
      pass(microseconds(100));
    }
    pass(seconds(1));
    std::vector<int> numbers;
    for (const auto& bytes : all_received(server)) {
      numbers.push_back(std::stoi(bytes));
    }
    return numbers;
  }
  int answers_to(const std::string& request) {
    const auto client = connect(udp_here);
    send(client, request);
    let_arrive();
    const auto got = server->receive_from(ample);
    if (got) {
      server->send_to("answer", got->from);
    }
    let_arrive();
    return static_cast<int>(all_received(client).size());
  }

  SharedSocket server = listen(udp_here);  // NOLINT: GoogleTest's way
};
class TcpWeatherTest : public SocketsTest {
 protected:
  // The number of pieces in which the bytes arrive, if they are read immediately.
  std::vector<std::size_t> pieces(const SharedSocket& socket) {
    std::vector<std::size_t> sizes;
    while (time.pass_until(time.now() + seconds(5), [&] { return socket->is_readable(); })) {
      sizes.push_back(received(socket).size());
    }
    return sizes;
  }
};
class WeatherPlaceTest : public SocketsTest {};

TEST_F(UdpWeatherTest, DelaysEachWay) {
  sockets->set_weather({.delay = milliseconds(5)});
  const auto client = connect(udp_here);
  send(client, "request");
  EXPECT_EQ(time_until_readable(server), milliseconds(5));
  server->send_to("answer", client->local_endpoint().value());
  EXPECT_EQ(time_until_readable(client), milliseconds(5));
}

TEST_F(UdpWeatherTest, LetsDelaysVary) {
  sockets->set_weather({.delay = milliseconds(5), .jitter = milliseconds(2)});
  std::vector<Duration> delays;
  for (int i = 0; i < 100; ++i) {
    send(connect(udp_here), "request");
    delays.push_back(time_until_readable(server));
    (void)received(server);
  }
  EXPECT_THAT(delays, ::testing::Each(AllOf(Ge(milliseconds(5)), Le(milliseconds(7)))));
  EXPECT_GT(*std::ranges::max_element(delays), milliseconds(6));
}

TEST_F(UdpWeatherTest, KeepsTheOrderDespiteJitter) {
  sockets->set_weather({.jitter = milliseconds(2)});
  const auto numbers = arrivals_of(100);
  EXPECT_THAT(numbers, SizeIs(100));
  EXPECT_TRUE(std::ranges::is_sorted(numbers));
}

TEST_F(UdpWeatherTest, LosesSome) {
  sockets->set_weather({.loss = 0.3});
  EXPECT_THAT(arrivals_of(100), SizeIs(AllOf(Ge(50), Le(90))));
}

TEST_F(UdpWeatherTest, DoublesSome) {
  sockets->set_weather({.duplication = 0.3});
  EXPECT_THAT(arrivals_of(100), SizeIs(AllOf(Ge(110), Le(150))));
}

TEST_F(UdpWeatherTest, LetsSomeOvertakeOthers) {
  sockets->set_weather({.reordering = 0.1});
  auto numbers = arrivals_of(100);
  EXPECT_THAT(numbers, SizeIs(100));
  EXPECT_FALSE(std::ranges::is_sorted(numbers));
}

TEST_F(UdpWeatherTest, SwallowsRequests) {
  sockets->set_weather({.silence = Silence::of_requests});
  EXPECT_EQ(answers_to("request"), 0);
  EXPECT_FALSE(server->is_readable());
}

TEST_F(UdpWeatherTest, SwallowsAnswers) {
  sockets->set_weather(udp_here, {.silence = Silence::of_answers});
  const auto client = connect(udp_here);
  send(client, "request");
  let_arrive();
  EXPECT_EQ(received(server), "request");
  server->send_to("answer", client->local_endpoint().value());
  let_arrive();
  EXPECT_EQ(received(client), "nothing");
}

TEST_F(UdpWeatherTest, SwallowsAnswersWhereverTheyComeFrom) {
  sockets->set_weather({.silence = Silence::of_answers});
  EXPECT_EQ(answers_to("request"), 0);
  sockets->set_weather({});
  EXPECT_EQ(answers_to("request"), 1);
}

TEST_F(UdpWeatherTest, SwallowsRefusals) {
  sockets->set_weather({.silence = Silence::of_answers});
  server.reset();
  const auto client = connect(udp_here);
  send(client, "request");
  let_arrive();
  EXPECT_FALSE(client->is_readable());
}

TEST_F(TcpWeatherTest, DelaysTheHandshakeAndTheBytes) {
  sockets->set_weather({.delay = milliseconds(5)});
  const auto listener = listen(tcp_here);
  const auto client = connect(tcp_here);
  EXPECT_EQ(time_until_readable(listener), milliseconds(15));
  const auto server = listener->accept().value();
  send(client, "request");
  EXPECT_EQ(time_until_readable(server), milliseconds(5));
}

TEST_F(TcpWeatherTest, SendsAgainWhatWasLost) {
  sockets->set_weather({.loss = 0.2});
  const auto listener = listen(tcp_here);
  const auto client = connect(tcp_here);
  (void)time_until_readable(listener);
  const auto server = listener->accept().value();
  std::string expected;
  std::string got;
  for (int number = 0; number < 200; ++number) {
    const auto text = std::to_string(number) + ' ';
    expected += text;
    send(client, text);
    pass(milliseconds(1));
  }
  while (got.size() < expected.size() && time_until_readable(server) < minutes(30)) {
    got += received(server);
  }
  EXPECT_EQ(got, expected);
  client->close();
  (void)time_until_readable(server);
  EXPECT_EQ(received(server), "end");
}

TEST_F(TcpWeatherTest, IsSilentTowardsWhoConnects) {
  for (const auto silence : {Silence::of_requests, Silence::of_answers, Silence::of_all}) {
    sockets->set_weather({.silence = silence});
    const auto listener = listen(tcp_here);
    const auto client = connect(tcp_here);
    pass(seconds(126));
    EXPECT_FALSE(client->is_writable());
    EXPECT_FALSE(listener->is_readable());
    pass(seconds(2));
    EXPECT_EQ(client->take_error(), ETIMEDOUT);
  }
}

TEST_F(TcpWeatherTest, GoesOnWhenTheSilenceIsOver) {
  const auto [client, server] = connected(tcp_here);
  sockets->set_weather({.silence = Silence::of_all});
  send(client, "request");
  pass(seconds(1));
  EXPECT_EQ(received(server), "nothing");
  sockets->set_weather({});
  EXPECT_LE(time_until_readable(server), seconds(2));
  EXPECT_EQ(received(server), "request");
}

TEST_F(TcpWeatherTest, BringsRequestsWhoseAnswersAreSwallowed) {
  const auto [client, server] = connected(tcp_here);
  sockets->set_weather({.silence = Silence::of_answers});
  send(client, "request ");
  pass(seconds(10));
  send(client, "and another");
  let_arrive();
  EXPECT_EQ(received(server), "request and another");
  send(server, "answer");
  pass(seconds(10));
  EXPECT_EQ(received(client), "nothing");
  sockets->set_weather({});
  pass(seconds(30));
  EXPECT_EQ(received(client), "answer");
}

// tcp(7), tcp_retries2: between 13 and 30 minutes.
TEST_F(TcpWeatherTest, GivesUpAfterAQuarterOfAnHour) {
  for (const auto silence : {Silence::of_requests, Silence::of_answers}) {
    const auto [client, server] = connected(tcp_here);
    sockets->set_weather({.silence = silence});
    send(client, "request");
    EXPECT_THAT(time_until_readable(client), AllOf(Ge(minutes(13)), Le(minutes(30))));
    EXPECT_EQ(error_of(client->receive(ample)), ETIMEDOUT);
    sockets->set_weather({});
  }
}

TEST_F(TcpWeatherTest, RefusesAlthoughSomebodyListens) {
  const auto listener = listen(tcp_here);
  sockets->set_weather(tcp_here, {.refuses = true});
  const auto client = connect(tcp_here);
  let_arrive();
  EXPECT_EQ(client->take_error(), ECONNREFUSED);
}

TEST_F(TcpWeatherTest, BreaksOffInTheMiddleOfAnAnswer) {
  sockets->set_weather({.resets_after = 6});
  const auto [client, server] = connected(tcp_here);
  send(client, "a long request");
  let_arrive();
  send(server, "ans");
  send(server, "wer to it");
  let_arrive();
  EXPECT_EQ(received(server), "a long request");
  EXPECT_EQ(received(client), "answer");
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
  EXPECT_EQ(error_of(server->receive(ample)), ECONNRESET);
}

TEST_F(TcpWeatherTest, BreaksOffInsteadOfAnAnswer) {
  sockets->set_weather({.resets_after = 0});
  const auto [client, server] = connected(tcp_here);
  send(server, "answer");
  let_arrive();
  EXPECT_EQ(error_of(client->receive(ample)), ECONNRESET);
}

TEST_F(TcpWeatherTest, CutsIntoSmallSegments) {
  sockets->set_weather({.largest_segment = 3});
  const auto [client, server] = connected(tcp_here);
  send(client, "12345678");
  EXPECT_THAT(pieces(server), ElementsAre(3, 3, 2));
}

TEST_F(TcpWeatherTest, BringsTogetherWhatWasSentApart) {
  sockets->set_weather({.merging = milliseconds(10)});
  const auto [client, server] = connected(tcp_here);
  for (int i = 0; i < 4; ++i) {
    send(client, "12");
    pass(milliseconds(4));
  }
  EXPECT_EQ(received(server), "121212");
  EXPECT_THAT(pieces(server), ElementsAre(2));
}

TEST_F(WeatherPlaceTest, IsTheMostExactOne) {
  sockets->set_weather({.delay = milliseconds(1)});
  sockets->set_weather(udp("", 0), {.delay = milliseconds(2)});
  sockets->set_weather(udp("", 5061), {.delay = milliseconds(3)});
  sockets->set_weather(udp("127.0.0.2", 0), {.delay = milliseconds(4)});
  sockets->set_weather(udp("127.0.0.2", 5061), {.delay = milliseconds(5)});
  const auto delay_to = [&](const host::Endpoint& to) {
    const auto server = listen(to);
    send(connect(to), "x");
    return time_until_readable(server);
  };
  EXPECT_EQ(delay_to(udp("127.0.0.1", 5060)), milliseconds(2));
  EXPECT_EQ(delay_to(udp("127.0.0.1", 5061)), milliseconds(3));
  EXPECT_EQ(delay_to(udp("127.0.0.2", 5060)), milliseconds(4));
  EXPECT_EQ(delay_to(udp("127.0.0.2", 5061)), milliseconds(5));
  sockets->clear_weather(udp("127.0.0.2", 5061));
  EXPECT_EQ(delay_to(udp("127.0.0.2", 5061)), milliseconds(4));
}

TEST_F(WeatherPlaceTest, CountsForAnswersToo) {
  sockets->set_weather(udp_here, {.delay = milliseconds(5)});
  const auto server = listen(udp_here);
  const auto client = connect(udp_here);
  server->send_to("answer", client->local_endpoint().value());
  EXPECT_EQ(time_until_readable(client), milliseconds(5));
}

}  // namespace
}  // namespace sim
