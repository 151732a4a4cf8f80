#include "agent/rpc/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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

// Kamailio tells the difference of two readings of the wall clock, as an int.
TEST(UptimeTest, IsNegativeAfterTheClockWasSetBack) {
  for (const auto& told : {integer(-7199), integer(4'294'960'097)}) {  // JSON-RPC, binrpc
    const auto uptime = read_uptime({.data = Struct{{"uptime", told}}});
    ASSERT_TRUE(uptime);
    EXPECT_EQ(uptime->uptime, std::chrono::seconds(-7199));
  }
}

TEST(UptimeTest, IsMissedByName) {
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

TEST(ProcessesTest, AreMissedByName) {
  for (const Value& answer :
       {Value{}, text("x"), Value{.data = List{}}, Value{.data = Struct{}},
        Value{.data = List{process(31), Value{}}}, process(-1), process(4'194'305)}) {
    EXPECT_THAT(read_processes(answer).error().text, HasSubstr("core.psx has no valid"));
  }
}

TEST(ProcessesTest, AreNotMoreThanAnyServerHas) {
  List list(most_server_processes, process(31));
  EXPECT_EQ(read_processes({.data = list})->size(), 4096U);
  list.resize(50'001, process(31));
  EXPECT_THAT(read_processes({.data = list}).error().text,
              AllOf(HasSubstr("core.psx"), HasSubstr("50001"), HasSubstr("4096 at most")));
}

TEST(SharedMemoryTest, IsReadInBytes) {
  EXPECT_EQ(read_shared_memory(memory(integer(100), integer(7))),
            (SharedMemory{.total = 100, .free = 7}));
  // As binrpc has it.
  EXPECT_EQ(read_shared_memory(memory({.data = 67108864.0}, {.data = 64377776.0})),
            (SharedMemory{.total = 67108864, .free = 64377776}));
}

TEST(SharedMemoryTest, IsMissedByName) {
  EXPECT_THAT(read_shared_memory(memory(integer(0), integer(0))).error().text, HasSubstr("total"));
  EXPECT_THAT(read_shared_memory(memory(integer(1), integer(2))).error().text, HasSubstr("free"));
  EXPECT_THAT(read_shared_memory(memory(text("x"), integer(2))).error().text, HasSubstr("total"));
  EXPECT_THAT(read_shared_memory(Value{}).error().text, HasSubstr("core.shmmem"));
}

}  // namespace
}  // namespace rpc
