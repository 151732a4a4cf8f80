#include "agent/exchange/exchange.h"

#include "agent/host/testing/fake_clock.h"
#include "agent/host/testing/fake_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace exchange {
namespace {

using namespace std::chrono_literals;
using host::Endpoint;
using host::testing::FakeClock;
using host::testing::FakeNetwork;
using host::testing::FakeTalk;
using ::testing::ElementsAre;

const Endpoint udp{.kind = Endpoint::Kind::udp, .address = "192.0.2.1", .port = 5060};
const Endpoint tcp{.kind = Endpoint::Kind::tcp, .address = "192.0.2.1", .port = 5060};
const Endpoint missing{.kind = Endpoint::Kind::unix_stream, .address = "/run/missing"};

// Sends "ask", is over with the first reply, and records its calls.
struct Question final : public Exchange {
  explicit Question(Endpoint peer) : its_peer(std::move(peer)) {}

  Endpoint peer() const override { return its_peer; }
  void begin(const Line& line, host::TimePoint now) override {
    told.emplace_back("begin");
    begun_at = now;
    line.send("ask");
    if (wake_after) {
      next_wake = now + *wake_after;
    }
  }
  void receive(const Line& /*line*/, std::string_view bytes, host::TimePoint /*now*/) override {
    told.push_back("receive " + std::string(bytes));
    is_answered = bytes == answer;
  }
  std::optional<host::TimePoint> wakes_at() const override { return next_wake; }
  void wake(const Line& line, host::TimePoint now) override {
    told.emplace_back("wake");
    line.send("ask again");
    next_wake = now + *wake_after;
  }
  void fail(const host::Error& error) override {
    told.push_back("fail " + error.text);
    is_answered = true;
  }
  bool is_over() const override { return is_answered; }

  std::string answer = "answer";
  std::optional<host::Duration> wake_after;
  std::vector<std::string> told;
  host::TimePoint begun_at;

  Endpoint its_peer;
  std::optional<host::TimePoint> next_wake;
  bool is_answered = false;
};

class HoldTest : public ::testing::Test {
 protected:
  // Returns how long it took.
  host::Duration hold(const std::vector<Exchange*>& exchanges, host::Duration time) {
    const auto begin = clock_.now();
    exchange::hold(network_, clock_, exchanges, begin + time);
    EXPECT_EQ(network_.open_conversations(), 0);
    return clock_.now() - begin;
  }
  // Adds a peer that sends these words after it has received its first bytes.
  void put(const Endpoint& endpoint, const std::vector<std::string>& words,
           host::Duration after = 1ms) {
    network_.put(endpoint, {.on_bytes = [=](const FakeTalk& talk, std::string_view) {
                   for (std::size_t i = 0; i < words.size(); ++i) {
                     talk.answer(words[i], after * static_cast<int>(i + 1));
                   }
                 }});
  }

  FakeClock clock_;              // NOLINT: GoogleTest's way
  FakeNetwork network_{clock_};  // NOLINT
};

TEST_F(HoldTest, EndsWithTheLastAnswer) {
  put(udp, {"answer"}, 10ms);
  put(tcp, {"answer"}, 30ms);
  Question first(udp);
  Question second(tcp);
  EXPECT_EQ(hold({&first, &second}, 10s), 30ms);
  EXPECT_THAT(first.told, ElementsAre("begin", "receive answer"));
  EXPECT_THAT(second.told, ElementsAre("begin", "receive answer"));
}

TEST_F(HoldTest, CallsNoExchangeThatIsOver) {
  put(udp, {"answer", "answer", "answer"});
  put(tcp, {"answer"}, 1s);
  Question quick(udp);
  Question slow(tcp);
  hold({&quick, &slow}, 10s);
  EXPECT_THAT(quick.told, ElementsAre("begin", "receive answer"));
}

TEST_F(HoldTest, WakesAtTheRequestedTimes) {
  put(udp, {});
  Question question(udp);
  question.wake_after = 300ms;
  EXPECT_EQ(hold({&question}, 1s), 1s);
  EXPECT_THAT(question.told,
              ElementsAre("begin", "wake", "wake", "wake", "fail no answer within 1.0 s"));
  EXPECT_EQ(network_.sent()[1].at, question.begun_at + 300ms);
}

TEST_F(HoldTest, BeginsWithAStreamWhenItIsConnected) {
  network_.put(tcp,
               {.on_open = [](const FakeTalk& talk) { talk.connect(200ms); },
                .on_bytes = [](const FakeTalk& talk, std::string_view) { talk.answer("answer"); }});
  Question question(tcp);
  const auto begin = clock_.now();
  hold({&question}, 10s);
  EXPECT_EQ(question.begun_at, begin + 200ms);
  EXPECT_THAT(question.told, ElementsAre("begin", "receive answer"));
}

TEST_F(HoldTest, GivesAConnectionSevenEighthsOfTheTime) {
  network_.put(tcp, {.on_open = [](const FakeTalk&) {}});
  put(udp, {"answer"}, 9s);
  Question unconnected(tcp);
  Question slow(udp);
  EXPECT_EQ(hold({&unconnected}, 8s), 7s);
  EXPECT_THAT(unconnected.told, ElementsAre("fail no connection within 7.0 s"));
  EXPECT_EQ(hold({&slow}, 10s), 9s);
}

TEST_F(HoldTest, EndsAtOnceWhereNobodyListens) {
  Question closed_port(udp);
  Question refused(tcp);
  Question no_socket(missing);
  EXPECT_EQ(hold({&closed_port, &refused, &no_socket}, 10s), 0s);
  EXPECT_THAT(closed_port.told, ElementsAre("begin", "fail 192.0.2.1:5060: Connection refused"));
  EXPECT_THAT(refused.told, ElementsAre("fail 192.0.2.1:5060: Connection refused"));
  EXPECT_THAT(no_socket.told, ElementsAre("fail /run/missing: No such file or directory"));
}

TEST_F(HoldTest, GoesOnWithTheOthersWhenOneFails) {
  put(udp, {"answer"}, 3s);
  Question refused(tcp);
  Question answered(udp);
  EXPECT_EQ(hold({&refused, &answered}, 10s), 3s);
  EXPECT_THAT(answered.told, ElementsAre("begin", "receive answer"));
}

TEST_F(HoldTest, EndsAtTheDeadlineWhileAPeerNeverPauses) {
  network_.put(tcp, {.on_bytes = [](const FakeTalk& talk, std::string_view) {
                 for (int i = 0; i < 5000; ++i) {
                   talk.answer("noise", 1ms * i);
                 }
               }});
  Question question(tcp);
  EXPECT_EQ(hold({&question}, 1s), 1s);
  EXPECT_EQ(question.told.back(), "fail no answer within 1.0 s");
}

// The machine was busy or suspended: the deadline passes before the first look at events.
TEST_F(HoldTest, CountsWhatHasArrivedByTheDeadline) {
  network_.put(udp, {.on_bytes = [this](const FakeTalk& talk, std::string_view) {
                 talk.answer("noise", 1ms);
                 talk.answer("answer", 2ms);
                 clock_.sleep_until(clock_.now() + 20s);
               }});
  Question question(udp);
  EXPECT_EQ(hold({&question}, 10s), 20s);
  EXPECT_EQ(question.told.back(), "receive answer");
}

TEST_F(HoldTest, ReturnsAtOnceWithoutExchanges) { EXPECT_EQ(hold({}, 10s), 0s); }

TEST_F(HoldTest, WithADeadlineOfThePastStillEnds) {
  put(udp, {});
  Question question(udp);
  EXPECT_EQ(hold({&question}, -5s), 0s);
  EXPECT_THAT(question.told, ElementsAre("begin", "fail no answer within 0 ms"));
}

}  // namespace
}  // namespace exchange
