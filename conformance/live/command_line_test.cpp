// From the parameters to Kamailio's command line: whole, and past any shell.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

struct ExtraOptions {
  std::string name;
  std::string text;
  std::vector<std::string> words;
};

void PrintTo(const ExtraOptions& options, std::ostream* stream) {  // NOLINT: GoogleTest's name
  *stream << options.text;
}

class ExtraOption : public ::testing::TestWithParam<ExtraOptions> {};

TEST_P(ExtraOption, ReachesKamailioAndIsNoObstacleInItsLife) {
  const auto resource = make_resource("p_kam", 5060).with("extra_options", GetParam().text);
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  auto arguments = arguments_of(main_process_of(resource));
  ASSERT_GT(arguments.size(), GetParam().words.size());
  arguments.erase(arguments.begin(),
                  arguments.end() - static_cast<std::ptrdiff_t>(GetParam().words.size()));
  EXPECT_EQ(arguments, GetParam().words);
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, ExtraOption,
    ::testing::Values(ExtraOptions{"regex", "-A FOO=1+1", {"-A", "FOO=1+1"}},
                      ExtraOptions{"brackets", "-A FOO=[a-z].*$", {"-A", "FOO=[a-z].*$"}},
                      ExtraOptions{"two_blanks", "-A  FOO=1  ", {"-A", "FOO=1"}},
                      ExtraOptions{"single_quotes", "-A 'FOO=a  b'", {"-A", "FOO=a  b"}},
                      ExtraOptions{"double_quotes", "-A FOO=\"a '  b\"", {"-A", "FOO=a '  b"}},
                      ExtraOptions{"backslash", "-A FOO=a\\ b", {"-A", "FOO=a b"}}),
    [](const auto& tested) { return tested.param.name; });

TEST(CommandLine, NoShellExpandsTheExtraOptions) {
  const std::string options = "-A 'A=$(touch /tmp/touched)' -A 'B=`touch /tmp/touched`'";
  const auto resource = make_resource("p_kam", 5060).with("extra_options", options);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(arguments_of(main_process_of(resource)), Contains("A=$(touch /tmp/touched)"));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_FALSE(exists("/tmp/touched"));
}

class ShellCode : public ::testing::TestWithParam<const char*> {};

TEST_P(ShellCode, InTheExtraOptionsIsNeverRun) {
  const auto resource = make_resource("p_kam", 5060).with("extra_options", GetParam());
  for (const auto* const action : {"validate-all", "start", "monitor", "stop"}) {
    (void)agent().run(resource, {.action = action});
  }
  EXPECT_FALSE(exists("/tmp/touched"));
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(CommandLine, ShellCode,
                         ::testing::Values("-A X=$(touch /tmp/touched)", "; touch /tmp/touched",
                                           "& touch /tmp/touched", "| touch /tmp/touched",
                                           "> /tmp/touched", "`touch /tmp/touched`"));

TEST(CommandLine, PathsMayHoldBlanksAndQuotes) {
  const std::string directory = "/tmp/my $HOME; 'place' \\";
  ASSERT_EQ(run_program({"mkdir", directory}), 0);
  ASSERT_EQ(run_program({"cp", "/usr/sbin/kamailio", directory + "/kama ilio"}), 0);
  write_file(directory + "/kamailio; x.cfg", config_text({}));
  const auto resource = make_resource("p_kam", 5060)
                            .with("binary", directory + "/kama ilio")
                            .with("conffile", directory + "/kamailio; x.cfg")
                            .with("pidfile", directory + "/kamailio *.pid");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_TRUE(exists(pid_file_of(resource)));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  // processes_of() looks for the program's usual name.
  EXPECT_FALSE(exists(pid_file_of(resource)));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
}

}  // namespace
}  // namespace live
