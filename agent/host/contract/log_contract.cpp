#include "agent/host/contract/log_contract.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace host::contract {

TEST_P(LogContract, TakesOneLineForEachMessage) {
  log().write(Level::info, "first");
  log().write(Level::critical, "second");
  const auto lines = world().logged_lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("first"), std::string::npos);
  EXPECT_NE(lines[1].find("second"), std::string::npos);
}

TEST_P(LogContract, FitsATextWithLineEndsOnOneLine) {
  log().write(Level::error, "one\ntwo\r\nthree\n");
  const auto lines = world().logged_lines();
  ASSERT_EQ(lines.size(), 1U);
  for (const std::string word : {"one", "two", "three"}) {
    EXPECT_NE(lines[0].find(word), std::string::npos) << lines[0];
  }
}

TEST_P(LogContract, TakesAnyText) {
  for (const std::string& text :
       {std::string(), std::string(100'000, 'x'), std::string("a\0b", 3), std::string("\xff\xfe"),
        std::string("%s%n"), std::string("\n\n\n")}) {
    EXPECT_NO_THROW(log().write(Level::warning, text));
  }
  EXPECT_EQ(world().logged_lines().size(), 6U);
}

TEST_P(LogContract, ShowsAnExitReasonAsTheLastLineOfStandardError) {
  const auto lines = world().error_lines([&] {
    log().write(Level::error, "before");
    log().exit_reason(host::Level::error, "no route to host");
  });
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), exit_line("no route to host"));
}

TEST_P(LogContract, ShowsAnExitReasonOnce) {
  const auto lines =
      world().error_lines([&] { log().exit_reason(host::Level::error, "no route to host"); });
  EXPECT_EQ(std::ranges::count(lines, exit_line("no route to host")), 1);
}

TEST_P(LogContract, FitsAnExitReasonOnOneLine) {
  const auto lines =
      world().error_lines([&] { log().exit_reason(host::Level::error, "one\ntwo"); });
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(lines.back().starts_with(exit_line("one"))) << lines.back();
  EXPECT_NE(lines.back().find("two"), std::string::npos) << lines.back();
}

TEST_P(LogContract, AlsoLogsAnExitReason) {
  (void)world().error_lines([&] { log().exit_reason(host::Level::error, "no route to host"); });
  const auto lines = world().logged_lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("no route to host"), std::string::npos);
}

TEST_P(LogContract, DropsWhatTheLogDoesNotTake) {
  world().jam_log();
  const auto lines = world().error_lines([&] {
    EXPECT_NO_THROW(log().write(Level::error, "lost"));
    EXPECT_NO_THROW(log().exit_reason(host::Level::error, "seen"));
  });
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), exit_line("seen"));
}

}  // namespace host::contract
