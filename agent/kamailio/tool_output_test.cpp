#include "agent/kamailio/tool_output.h"

#include <gtest/gtest.h>

#include <string>

namespace kamailio {
namespace {

// What "kamctl monitor 1" prints on a healthy server.
const std::string monitor_output =
    "\x1B[H\x1B[2J\x1B[m[cycle #: 1; if constant make sure server lives]\n"
    "{\n"
    "  \"jsonrpc\": \"2.0\",\n"
    "  \x1B[1mup_since: Mon Nov 23 17:31:13 2026\x1B[0m\r\n"
    "}\n";

TEST(ToolOutput, HasAFirstLine) {
  EXPECT_EQ(first_line("one\ntwo\n"), "one");
  EXPECT_EQ(first_line("one"), "one");
}

TEST(ToolOutput, MayHaveNoLineAtAll) {
  EXPECT_EQ(first_line(""), "");
  EXPECT_EQ(first_line("\n \n\t\n\x1B[H\x1B[J\n"), "");
}

TEST(ToolOutput, HasNoBlanksAroundALine) { EXPECT_EQ(first_line("\n  one two \t\r\n"), "one two"); }

TEST(ToolOutput, HasNoEscapeSequences) {
  EXPECT_EQ(first_line(monitor_output), "[cycle #: 1; if constant make sure server lives]");
  EXPECT_EQ(first_line("\x1B[1;31mred\x1B[0m"), "red");
}

TEST(ToolOutput, MayEndInsideAnEscapeSequence) {
  EXPECT_EQ(first_line("one\x1B[1;3"), "one");
  EXPECT_EQ(first_line("one\x1B["), "one");
  EXPECT_EQ(first_line("one\x1B"), "one");
}

TEST(ToolOutput, HasNoOtherControlCharacters) {
  EXPECT_EQ(first_line("a\x07"
                       "b\x01"
                       "c"),
            "abc");
}

TEST(ToolOutput, KeepsUtf8) { EXPECT_EQ(first_line("Größe"), "Größe"); }

TEST(ToolOutput, HasAFirstLineWithAPart) {
  EXPECT_EQ(first_line_with("since", monitor_output), "up_since: Mon Nov 23 17:31:13 2026");
  EXPECT_EQ(first_line_with("b", "a\nbc\nb\n"), "bc");
  EXPECT_EQ(first_line_with("x", "a\nb\n"), "");
}

TEST(ToolOutput, HasALineWithAPartOrNot) {
  EXPECT_TRUE(has_line_with("since", monitor_output));
  EXPECT_TRUE(has_line_with("since", "Up since Mon Nov 23\n"));
  EXPECT_FALSE(has_line_with("since", "Error opening Kamailio's FIFO\n"));
  EXPECT_FALSE(has_line_with("since", ""));
}

TEST(ToolOutput, HasALastLineWithAStart) {
  const std::string replies =
      "SIP/2.0 100 Trying\r\nVia: SIP/2.0/UDP x\r\n\r\nSIP/2.0 404 Not here\r\nContent-Length: "
      "0\r\n";
  EXPECT_EQ(last_line_starting("SIP/2.0 ", replies), "SIP/2.0 404 Not here");
  EXPECT_EQ(last_line_starting("SIP/3.0 ", replies), "");
}

}  // namespace
}  // namespace kamailio
