#include "agent/rpc/calls.h"

#include "agent/exchange/exchange.h"
#include "agent/host/testing/fake_clock.h"
#include "agent/host/testing/fake_network.h"
#include "agent/host/testing/fake_random.h"
#include "agent/rpc/testing/json_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rpc {
namespace {

using host::Endpoint;
using host::testing::FakeTalk;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using testing::json_error;
using testing::json_reply;

const Endpoint datagrams{.kind = Endpoint::Kind::unix_datagram, .address = "/run/rpc.sock"};
const Endpoint stream{.kind = Endpoint::Kind::unix_stream, .address = "/run/ctl"};

// An integer below 256 in reply to a request with a cookie of four bytes.
std::string binrpc_reply(std::string_view request, char number) {
  return std::string("\xA1\x13\x02", 3) + std::string(request.substr(3, 4)) + "\x10" + number;
}

class CallsTest : public ::testing::Test {
 protected:
  using Server = std::function<void(const FakeTalk&, std::string_view)>;

  Calls ask(const Endpoint& server, const std::vector<std::string>& methods, const Server& answer,
            host::Duration time = 10s) {
    network_.put(server, {.on_bytes = answer});
    begin_ = clock_.now();
    std::vector<Call> asked;
    for (const auto& method : methods) {
      asked.push_back({.method = method});
    }
    Calls calls(server, asked, random_);
    exchange::Exchange* const exchange = &calls;
    exchange::hold(network_, clock_, {&exchange, 1}, begin_ + time);
    EXPECT_TRUE(calls.is_over());
    return calls;
  }
  [[nodiscard]] host::Duration elapsed() const { return clock_.now() - begin_; }

  host::testing::FakeClock clock_;              // NOLINT: GoogleTest's way
  host::testing::FakeNetwork network_{clock_};  // NOLINT: GoogleTest's way
  host::testing::FakeRandom random_;            // NOLINT: GoogleTest's way
  host::TimePoint begin_;                       // NOLINT: GoogleTest's way
};

const auto silence = [](const FakeTalk&, std::string_view) {};

TEST_F(CallsTest, AreMadeOneAfterAnotherByJsonRpc) {
  int number = 0;
  const auto calls = ask(datagrams, {"core.uptime", "core.psx"},
                         [&](const FakeTalk& talk, std::string_view request) {
                           talk.answer(json_reply(request, std::to_string(++number)), 5ms);
                         });
  EXPECT_FALSE(calls.failure());
  ASSERT_EQ(calls.answers().size(), 2U);
  EXPECT_EQ(calls.answers()[0], (Value{.data = std::int64_t{1}}));
  EXPECT_EQ(calls.answers()[1], (Value{.data = std::int64_t{2}}));
  EXPECT_THAT(network_.sent()[0].bytes, HasSubstr("core.uptime"));
  EXPECT_THAT(network_.sent()[1].bytes, HasSubstr("core.psx"));
  EXPECT_EQ(elapsed(), 10ms);
}

TEST_F(CallsTest, AreMadeOneAfterAnotherByBinrpc) {
  const auto calls =
      ask(stream, {"core.uptime", "core.psx"}, [](const FakeTalk& talk, std::string_view request) {
        const auto reply = binrpc_reply(request, request.find("psx") == std::string::npos ? 1 : 2);
        for (std::size_t i = 0; i < reply.size(); ++i) {
          talk.answer(reply.substr(i, 1), 1ms * static_cast<int>(i));
        }
      });
  EXPECT_FALSE(calls.failure());
  ASSERT_EQ(calls.answers().size(), 2U);
  EXPECT_EQ(calls.answers()[0], (Value{.data = std::int64_t{1}}));
  EXPECT_EQ(calls.answers()[1], (Value{.data = std::int64_t{2}}));
}

TEST_F(CallsTest, MayHaveAParameter) {
  for (const auto& server : {datagrams, stream}) {
    network_.put(server, {});
    Calls calls(server, {{.method = "core.shmmem", .parameter = "k"}}, random_);
    exchange::Exchange* const exchange = &calls;
    exchange::hold(network_, clock_, {&exchange, 1}, clock_.now() + 10ms);
  }
  EXPECT_THAT(network_.sent()[0].bytes, HasSubstr(R"("params":["k"])"));
  EXPECT_THAT(network_.sent()[1].bytes, HasSubstr(std::string("core.shmmem\0\x91\x02k\0", 15)));
}

TEST_F(CallsTest, SendTheNextCallOnceIfTheReplyComesAtOnce) {
  const auto calls = ask(datagrams, {"core.uptime", "core.psx"},
                         [](const FakeTalk& talk, std::string_view request) {
                           talk.answer(json_reply(request, "1"), 60ms);
                         });
  EXPECT_EQ(calls.answers().size(), 2U);
  EXPECT_EQ(network_.sent().size(), 2U);
}

TEST_F(CallsTest, KeepTheErrorReplyToACall) {
  const auto calls =
      ask(datagrams, {"nope", "core.psx"}, [](const FakeTalk& talk, std::string_view request) {
        if (request.find("nope") == std::string_view::npos) {
          talk.answer(json_reply(request, "1"));
          return;
        }
        talk.answer(json_error(request, "No"));
      });
  EXPECT_FALSE(calls.failure());
  EXPECT_EQ(calls.answers()[0].error().text, "500 No");
  EXPECT_TRUE(calls.answers()[1]);
}

TEST_F(CallsTest, AreRepeatedAsDatagramsUntilTheServerHasRoom) {
  int requests = 0;
  const auto calls =
      ask(datagrams, {"core.uptime"}, [&](const FakeTalk& talk, std::string_view request) {
        if (++requests == 3) {
          talk.answer(json_reply(request, "1"), 1ms);
        }
      });
  EXPECT_FALSE(calls.failure());
  EXPECT_EQ(elapsed(), 201ms);
}

TEST_F(CallsTest, AreNotRepeatedOnAStream) {
  (void)ask(stream, {"core.uptime"}, silence);
  EXPECT_EQ(network_.sent().size(), 1U);
}

TEST_F(CallsTest, TakeOneReplyToACallThatWasSentTwice) {
  const auto calls = ask(datagrams, {"core.uptime", "core.psx"},
                         [](const FakeTalk& talk, std::string_view request) {
                           talk.answer(json_reply(request, "1"), 150ms);
                           talk.answer(json_reply(request, "1"), 151ms);
                         });
  EXPECT_EQ(calls.answers().size(), 2U);
  EXPECT_FALSE(calls.failure());
}

TEST_F(CallsTest, IgnoreRepliesToOthers) {
  const auto calls =
      ask(datagrams, {"core.uptime"}, [](const FakeTalk& talk, std::string_view request) {
        talk.answer(R"({"jsonrpc":"2.0","id":1,"result":"wrong"})", 1ms);
        talk.answer(json_reply(request, "1"), 2ms);
      });
  EXPECT_EQ(calls.answers().front(), (Value{.data = std::int64_t{1}}));
}

TEST_F(CallsTest, FailWithoutAnAnswer) {
  for (const auto& server : {datagrams, stream}) {
    const auto calls = ask(server, {"core.uptime"}, silence, 3s);
    EXPECT_EQ(calls.failure()->text, "no answer within 3.0 s");
    EXPECT_THAT(calls.answers(), IsEmpty());
    EXPECT_EQ(elapsed(), 3s);
  }
}

TEST_F(CallsTest, KeepTheAnswersBeforeAFailure) {
  const auto calls = ask(datagrams, {"core.uptime", "core.psx"},
                         [](const FakeTalk& talk, std::string_view request) {
                           if (request.find("uptime") != std::string_view::npos) {
                             talk.answer(json_reply(request, "1"));
                           }
                         });
  EXPECT_TRUE(calls.failure());
  EXPECT_EQ(calls.answers().size(), 1U);
}

TEST_F(CallsTest, ReportAnInvalidReply) {
  const auto json = ask(datagrams, {"core.uptime"},
                        [](const FakeTalk& talk, std::string_view) { talk.answer("garbage"); });
  EXPECT_THAT(json.failure()->text,
              AllOf(HasSubstr("no answer within"), HasSubstr("not a JSON-RPC reply")));
  const auto binrpc = ask(stream, {"core.uptime"},
                          [](const FakeTalk& talk, std::string_view) { talk.answer("garbage"); });
  EXPECT_THAT(binrpc.failure()->text, HasSubstr("not a binrpc reply"));
  EXPECT_EQ(elapsed(), 0s);
}

// Replies to other calls, each as soon as the last was read.
TEST_F(CallsTest, EndAtTheDeadlineUnderEndlessRepliesToOthers) {
  const std::string foreign_binrpc("\xA1\x10\x02\x07\x10\x01", 6);
  const std::string foreign_json = R"({"jsonrpc":"2.0","id":1,"result":"wrong"})";
  for (const auto& server : {datagrams, stream}) {
    const auto& foreign = host::is_stream(server.kind) ? foreign_binrpc : foreign_json;
    const auto calls = ask(
        server, {"core.uptime"},
        [&](const FakeTalk& talk, std::string_view) {
          for (int reply = 0; reply < 2000; ++reply) {
            talk.answer(foreign, 1ms * reply);
          }
        },
        1s);
    EXPECT_THAT(calls.failure()->text, HasSubstr("no answer within 1.0 s"));
    EXPECT_EQ(elapsed(), 1s);
  }
}

TEST_F(CallsTest, ReportAReplyThatIsTooLarge) {
  const auto calls = ask(stream, {"core.psx"}, [](const FakeTalk& talk, std::string_view request) {
    talk.answer(std::string("\xA1\x1B\x01\x86\xA0", 5) + std::string(request.substr(3, 4)) +
                std::string(100'000, '\0'));
  });
  EXPECT_THAT(calls.failure()->text, HasSubstr("more than 65536 values"));
}

TEST_F(CallsTest, FailAtOnceWithoutASocket) {
  Calls calls(stream, {{.method = "core.uptime"}}, random_);
  exchange::Exchange* const exchange = &calls;
  exchange::hold(network_, clock_, {&exchange, 1}, clock_.now() + 10s);
  EXPECT_EQ(calls.failure()->kind, host::ErrorKind::not_found);
}

Value integer(std::int64_t number) { return {.data = number}; }
Value text(std::string words) { return {.data = std::move(words)}; }

Value memory(Value total, Value free) {
  return {.data = Struct{{"total", std::move(total)}, {"free", std::move(free)}}};
}

Value process(std::int64_t pid) {
  return {.data = Struct{
              {"IDX", integer(0)}, {"PID", integer(pid)}, {"DSC", text("udp receiver child=0")}}};
}

TEST(UptimeTest, IsReadInSeconds) {
  EXPECT_EQ(read_uptime({.data = Struct{{"now", text("Wed")},
                                        {"up_since", text("Mon")},
                                        {"uptime", integer(90)}}}),
            (Uptime{.uptime = std::chrono::seconds(90), .since = "Mon"}));
  EXPECT_EQ(read_uptime({.data = Struct{{"uptime", {.data = 90.0}}}}),
            (Uptime{.uptime = std::chrono::seconds(90), .since = ""}));
}

// Kamailio returns the difference of two readings of the wall clock, as an int.
TEST(UptimeTest, IsNegativeAfterTheClockWasSetBack) {
  for (const auto& told : {integer(-7199), integer(4'294'960'097)}) {  // JSON-RPC, binrpc
    const auto uptime = read_uptime({.data = Struct{{"uptime", told}}});
    ASSERT_TRUE(uptime);
    EXPECT_EQ(uptime->uptime, std::chrono::seconds(-7199));
  }
}

TEST(UptimeTest, IsNamedIfMissing) {
  for (const Value& answer :
       {Value{}, text("x"), Value{.data = Struct{}}, Value{.data = Struct{{"uptime", text("x")}}},
        Value{.data = Struct{{"uptime", integer(-3'000'000'000)}}},
        Value{.data = Struct{{"uptime", {.data = 1e300}}}}}) {
    EXPECT_THAT(read_uptime(answer).error().text, HasSubstr("core.uptime has no valid uptime"));
  }
}

TEST(ProcessesTest, AreAListOrASingleOne) {
  const ServerProcess first{.pid = 31, .description = "udp receiver child=0"};
  EXPECT_EQ(read_processes(process(31)), std::vector{first});
  EXPECT_EQ(read_processes({.data = List{process(31), process(31)}}), (std::vector{first, first}));
}

TEST(ProcessesTest, AreNamedIfMissing) {
  for (const Value& answer :
       {Value{}, text("x"), Value{.data = List{}}, Value{.data = Struct{}},
        Value{.data = List{process(31), Value{}}}, process(-1), process(4'194'305)}) {
    EXPECT_THAT(read_processes(answer).error().text, HasSubstr("core.psx has no valid"));
  }
}

TEST(ProcessesTest, AreRejectedAboveTheLimit) {
  List list(most_server_processes, process(31));
  EXPECT_EQ(read_processes({.data = list})->size(), 4096U);
  list.resize(50'001, process(31));
  EXPECT_THAT(read_processes({.data = list}).error().text,
              AllOf(HasSubstr("core.psx"), HasSubstr("50001"), HasSubstr("4096 at most")));
}

TEST(SharedMemoryTest, IsReadInBytes) {
  EXPECT_EQ(read_shared_memory(memory(integer(100), integer(7))),
            (SharedMemory{.total = 100, .free = 7}));
  // The form in binrpc.
  EXPECT_EQ(read_shared_memory(memory({.data = 67108864.0}, {.data = 64377776.0})),
            (SharedMemory{.total = 67108864, .free = 64377776}));
}

TEST(SharedMemoryTest, IsNamedIfMissing) {
  EXPECT_THAT(read_shared_memory(memory(integer(0), integer(0))).error().text, HasSubstr("total"));
  EXPECT_THAT(read_shared_memory(memory(integer(1), integer(2))).error().text, HasSubstr("free"));
  EXPECT_THAT(read_shared_memory(memory(text("x"), integer(2))).error().text, HasSubstr("total"));
  EXPECT_THAT(read_shared_memory(Value{}).error().text, HasSubstr("core.shmmem"));
}

}  // namespace
}  // namespace rpc
