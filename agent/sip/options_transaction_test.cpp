#include "agent/sip/options_transaction.h"

#include "agent/exchange/exchange.h"
#include "agent/host/testing/fake_clock.h"
#include "agent/host/testing/fake_network.h"
#include "agent/host/testing/fake_random.h"
#include "agent/sip/testing/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace sip {
namespace {

using namespace std::chrono_literals;
using host::Endpoint;
using host::testing::FakeTalk;
using ::testing::AllOf;
using testing::answer_to;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using testing::field_of;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const Endpoint udp{.kind = Endpoint::Kind::udp, .address = "192.0.2.1", .port = 5060};
const Endpoint tcp{.kind = Endpoint::Kind::tcp, .address = "192.0.2.1", .port = 5060};

class OptionsTransactionTest : public ::testing::Test {
 protected:
  using Server = std::function<void(const FakeTalk&, std::string_view)>;

  OptionsTransaction& ask(const Endpoint& server, const Server& answer, host::Duration time = 10s) {
    network_.put(server, {.on_bytes = answer});
    begin_ = clock_.now();
    auto& transaction = transactions_.emplace_back(server, "sip:monitor@192.0.2.1:5060", random_);
    exchange::Exchange* const exchange = &transaction;
    exchange::hold(network_, clock_, {&exchange, 1}, begin_ + time);
    EXPECT_TRUE(transaction.is_over());
    return transaction;
  }
  [[nodiscard]] host::Duration elapsed() const { return clock_.now() - begin_; }
  [[nodiscard]] std::vector<host::Duration> times_of_requests() const {
    std::vector<host::Duration> times;
    for (const auto& sent : network_.sent()) {
      times.push_back(sent.at - begin_);
    }
    return times;
  }
  // The first request.
  [[nodiscard]] std::string request() const { return network_.sent().front().bytes; }

  host::testing::FakeClock clock_;               // NOLINT: GoogleTest's way
  host::testing::FakeNetwork network_{clock_};   // NOLINT: GoogleTest's way
  host::testing::FakeRandom random_;             // NOLINT: GoogleTest's way
  host::TimePoint begin_;                        // NOLINT: GoogleTest's way
  std::deque<OptionsTransaction> transactions_;  // NOLINT: GoogleTest's way
};

const auto silence = [](const FakeTalk&, std::string_view) {};

TEST_F(OptionsTransactionTest, SendsACompleteRequest) {
  ask(udp, silence);
  EXPECT_THAT(request(), AllOf(StartsWith("OPTIONS sip:monitor@192.0.2.1:5060 SIP/2.0\r\n"),
                               EndsWith("Content-Length: 0\r\n\r\n")));
  EXPECT_THAT(field_of(request(), "Via"), AllOf(StartsWith("SIP/2.0/UDP 192.0.2.9:40000;"),
                                                HasSubstr(";branch=z9hG4bK"), HasSubstr(";rport")));
  EXPECT_EQ(field_of(request(), "To"), "<sip:monitor@192.0.2.1:5060>");
  EXPECT_THAT(field_of(request(), "From"), HasSubstr(">;tag="));
  EXPECT_EQ(field_of(request(), "CSeq"), "1 OPTIONS");
  EXPECT_EQ(field_of(request(), "Max-Forwards"), "70");
  EXPECT_THAT(field_of(request(), "Call-ID"), Not(""));
  EXPECT_EQ(field_of(request(), "Contact"), "<sip:ocf-kamailio@192.0.2.9:40000>");
}

TEST_F(OptionsTransactionTest, NamesItsTransport) {
  ask(tcp, silence);
  EXPECT_THAT(field_of(request(), "Via"), StartsWith("SIP/2.0/TCP "));
  EXPECT_THAT(field_of(request(), "Contact"), EndsWith(";transport=tcp>"));
}

TEST_F(OptionsTransactionTest, DrawsNewNumbersForEachRequest) {
  ask(udp, silence, 100ms);
  ask(udp, silence, 100ms);
  const auto& first = network_.sent().front().bytes;
  const auto& second = network_.sent().back().bytes;
  for (const auto* name : {"Via", "From", "Call-ID"}) {
    EXPECT_NE(field_of(first, name), field_of(second, name)) << name;
  }
}

TEST_F(OptionsTransactionTest, EndsWithTheFinalResponse) {
  for (const auto& server : {udp, tcp}) {
    const auto& done = ask(server, [](const FakeTalk& talk, std::string_view request) {
      talk.answer(answer_to(request, "200 OK"), 20ms);
    });
    ASSERT_TRUE(done.result());
    EXPECT_EQ(done.result()->status, 200);
    EXPECT_EQ(elapsed(), 20ms);
  }
}

TEST_F(OptionsTransactionTest, EndsWithAnyFinalResponse) {
  for (const auto* status : {"302 Moved", "404 Not here", "503 Overloaded", "603 Decline"}) {
    const auto& done = ask(udp, [=](const FakeTalk& talk, std::string_view request) {
      talk.answer(answer_to(request, status));
    });
    EXPECT_EQ(std::to_string(done.result()->status) + " " + done.result()->reason, status);
  }
}

// RFC 3261, section 17.1.2.2: timer E.
TEST_F(OptionsTransactionTest, IsRepeatedOverUdpAtT1UntilT2) {
  const auto& done = ask(udp, silence, 20s);
  EXPECT_THAT(times_of_requests(),
              ElementsAre(0s, 500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms, 19500ms));
  for (const auto& sent : network_.sent()) {
    EXPECT_EQ(sent.bytes, request());
  }
  EXPECT_EQ(done.result().error().text, "no answer within 20.0 s");
  EXPECT_EQ(elapsed(), 20s);
}

TEST_F(OptionsTransactionTest, IsNotRepeatedOverTcp) {
  ask(tcp, silence, 20s);
  EXPECT_THAT(times_of_requests(), ElementsAre(0s));
}

TEST_F(OptionsTransactionTest, IsAnsweredAfterALostRequest) {
  int requests = 0;
  const auto& done = ask(udp, [&](const FakeTalk& talk, std::string_view request) {
    if (++requests == 3) {
      talk.answer(answer_to(request, "200 OK"), 10ms);
    }
  });
  EXPECT_TRUE(done.result());
  EXPECT_EQ(elapsed(), 1510ms);
}

TEST_F(OptionsTransactionTest, IsRepeatedAtT2AfterAProvisionalResponse) {
  const auto& done = ask(
      udp,
      [](const FakeTalk& talk, std::string_view request) {
        talk.answer(answer_to(request, "100 Trying"), 100ms);
      },
      10s);
  EXPECT_THAT(times_of_requests(), ElementsAre(0s, 500ms, 4500ms, 8500ms));
  EXPECT_EQ(done.ignored().provisional, 4U);
  EXPECT_EQ(done.result().error().text,
            "no answer within 10.0 s (besides 4 provisional responses)");
}

TEST_F(OptionsTransactionTest, WaitsForTheFinalResponseAfterProvisionalOnes) {
  const auto& done = ask(udp, [](const FakeTalk& talk, std::string_view request) {
    talk.answer(answer_to(request, "100 Trying"), 10ms);
    talk.answer(answer_to(request, "180 Ringing"), 20ms);
    talk.answer(answer_to(request, "200 OK"), 300ms);
  });
  EXPECT_EQ(done.result()->status, 200);
  EXPECT_EQ(done.ignored(), (OptionsTransaction::Ignored{.provisional = 2}));
  EXPECT_EQ(elapsed(), 300ms);
}

// Each differs from the right reply in one point.
TEST_F(OptionsTransactionTest, IgnoresAndCountsAnswersToOthers) {
  const auto& done = ask(udp, [](const FakeTalk& talk, std::string_view request) {
    const auto right = answer_to(request, "200 OK");
    const auto but = [&](const std::string& what, const std::string& with) {
      auto wrong = right;
      wrong.replace(wrong.find(what), what.size(), with);
      talk.answer(wrong, 1ms);
    };
    but("branch=z9hG4bK", "branch=z9hG4bKx");
    but(";branch=", ";branches=");
    but("1 OPTIONS", "2 OPTIONS");
    but("1 OPTIONS", "1 INVITE");
    but("1 OPTIONS", "1 options");
    but("\r\nFrom:", "\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK7\r\nFrom:");
    talk.answer(answer_to(request, "404 Not here"), 2ms);
  });
  EXPECT_EQ(done.result()->status, 404);
  EXPECT_EQ(done.ignored(), (OptionsTransaction::Ignored{.stray = 6}));
}

TEST_F(OptionsTransactionTest, IgnoresAndCountsMessagesThatAreNotResponses) {
  for (const auto& server : {udp, tcp}) {
    const auto& done = ask(server, [](const FakeTalk& talk, std::string_view request) {
      talk.answer("garbage\r\n\r\n", 1ms);
      talk.answer(std::string(request), 2ms);
      talk.answer(answer_to(request, "999 Too much"), 3ms);
      talk.answer(answer_to(request, "200 OK"), 4ms);
    });
    EXPECT_TRUE(done.result());
    EXPECT_EQ(done.ignored(), (OptionsTransaction::Ignored{.malformed = 3}));
  }
}

TEST_F(OptionsTransactionTest, ReportsIgnoredMessages) {
  const auto& done = ask(
      udp,
      [](const FakeTalk& talk, std::string_view request) {
        talk.answer(answer_to(request, "100 Trying"));
        talk.answer("garbage");
        talk.answer("garbage");
        talk.answer("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nCSeq: 1 OPTIONS\r\n\r\n");
      },
      400ms);
  EXPECT_EQ(done.result().error().text,
            "no answer within 400 ms (besides 1 provisional response, 1 response to another "
            "request, 2 messages that are not SIP responses)");
}

TEST_F(OptionsTransactionTest, JoinsPiecesOfAStream) {
  const auto& done = ask(tcp, [](const FakeTalk& talk, std::string_view request) {
    const auto bytes = "\r\n\r\n" + answer_to(request, "100 Trying", "b\r\n\r\n") +
                       answer_to(request, "200 OK", "SIP/2.0 500 in a body\r\n\r\n");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      talk.answer(bytes.substr(i, 1), 1ms * static_cast<int>(i));
    }
  });
  EXPECT_EQ(done.result()->status, 200);
  EXPECT_EQ(done.ignored(), (OptionsTransaction::Ignored{.provisional = 1}));
}

TEST_F(OptionsTransactionTest, SplitsMergedMessages) {
  const auto& done = ask(tcp, [](const FakeTalk& talk, std::string_view request) {
    talk.answer(answer_to(request, "100 Trying") + answer_to(request, "486 Busy Here"));
  });
  EXPECT_EQ(done.result()->status, 486);
}

TEST_F(OptionsTransactionTest, FailsWhenTheStreamEnds) {
  const auto& done = ask(tcp, [](const FakeTalk& talk, std::string_view request) {
    talk.answer(answer_to(request, "200 OK").substr(0, 30));
    talk.end("closed by the peer", 10ms);
  });
  EXPECT_EQ(done.result().error().text, "closed by the peer");
  EXPECT_EQ(elapsed(), 10ms);
}

TEST_F(OptionsTransactionTest, FailsWhenAMessageOnTheStreamIsTooLong) {
  const auto& done = ask(
      tcp, [](const FakeTalk& talk, std::string_view) { talk.answer(std::string(70'000, 'x')); });
  EXPECT_THAT(done.result().error().text, HasSubstr("more than 65535 bytes"));
}

TEST_F(OptionsTransactionTest, FailsAtOnceWhenNobodyListens) {
  OptionsTransaction transaction(udp, "sip:monitor@192.0.2.1:5060", random_);
  exchange::Exchange* const exchange = &transaction;
  begin_ = clock_.now();
  exchange::hold(network_, clock_, {&exchange, 1}, begin_ + 10s);
  EXPECT_THAT(transaction.result().error().text, HasSubstr("Connection refused"));
  EXPECT_EQ(elapsed(), 0s);
}

}  // namespace
}  // namespace sip
