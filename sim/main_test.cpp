#include "sim/testing/shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// kamailio-sim, run as on a command line.

namespace sim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* scenario =
    "claim: A short one\ninstances: {one: {listen_address: 127.0.0.1}}\nsteps: [{monitor: one}]\n";

class CommandLineTest : public ::testing::Test {
 protected:
  [[nodiscard]] testing::Ran run(const std::string& arguments) const {
    return shell().run("kamailio-sim " + arguments);
  }

  // Expects an error in the command line, and this message.
  template <typename Matcher>
  void expect_refusal(const std::string& arguments, const Matcher& message) const {
    const auto ran = run(arguments);
    EXPECT_EQ(ran.code, 2) << arguments;
    EXPECT_EQ(ran.out, "") << arguments;
    EXPECT_THAT(ran.err, message) << arguments;
  }

  [[nodiscard]] const testing::Shell& shell() const { return shell_; }

 private:
  testing::Shell shell_{SIM_PROGRAMS};
};

TEST_F(CommandLineTest, TakesSeedsThatAreWholeDecimalNumbers) {
  EXPECT_THAT(run("run healthy --seed 0").out, StartsWith("seed 0;"));
  EXPECT_THAT(run("run healthy --seed=18446744073709551615").out,
              StartsWith("seed 18446744073709551615;"));
  for (const std::string seed :
       {"-1", "18446744073709551616", "010", "0x10", "abc", "''", "' 1'", "+1", "1.5"}) {
    const auto word = seed.find('\'') == std::string::npos ? seed : seed.substr(1, seed.size() - 2);
    expect_refusal("run healthy --seed " + seed,
                   AllOf(HasSubstr("invalid seed '" + word + "'"), HasSubstr("below 2^64")));
  }
}

TEST_F(CommandLineTest, NamesTheWrongWordAndWhatIsNearIt) {
  expect_refusal("rnu healthy", AllOf(HasSubstr("'rnu'"), HasSubstr("did you mean 'run'?")));
  expect_refusal("healthy", AllOf(HasSubstr("'healthy'"), HasSubstr("kamailio-sim run healthy")));
  expect_refusal("xyz", AllOf(HasSubstr("'xyz'"), HasSubstr("run, list or help")));
  expect_refusal("run healthy --sed 7",
                 AllOf(HasSubstr("'--sed'"), HasSubstr("did you mean '--seed'?")));
  expect_refusal("run healthy more", HasSubstr("more"));
  expect_refusal("run healty", AllOf(HasSubstr("'healty'"), HasSubstr("did you mean 'healthy'?")));
  expect_refusal("list healty", AllOf(HasSubstr("'healty'"), HasSubstr("did you mean 'healthy'?")));
  expect_refusal("", HasSubstr("kamailio-sim help"));
}

TEST_F(CommandLineTest, HelpsAndTellsItsVersion) {
  for (const std::string arguments : {"help", "--help", "run --help"}) {
    const auto ran = run(arguments);
    EXPECT_EQ(ran.code, 0) << arguments;
    EXPECT_THAT(ran.out, HasSubstr("run")) << arguments;
  }
  EXPECT_THAT(run("help").out, HasSubstr("--seed"));
  const auto version = run("--version");
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out, "kamailio-sim " SIM_VERSION "\n");
}

TEST_F(CommandLineTest, FailsIfNobodyCanReadWhatItSays) {
  for (const std::string arguments : {"run healthy", "run healthy --json", "list", "help"}) {
    const auto ran = run(arguments + " >/dev/full");
    EXPECT_EQ(ran.code, 1) << arguments;
    EXPECT_THAT(ran.err, HasSubstr("standard output")) << arguments;
  }
}

TEST_F(CommandLineTest, RepeatsItselfInWordsForAShell) {
  shell().write("it's mine.yaml", scenario);
  const auto first = run(R"(run "it's mine.yaml" --seed 7)");
  ASSERT_EQ(first.code, 0) << first.err;
  const std::string begin = "seed 7; to repeat: ";
  ASSERT_THAT(first.out, StartsWith(begin));
  const auto command = first.out.substr(begin.size(), first.out.find('\n') - begin.size());
  EXPECT_EQ(shell().run(command).out, first.out) << command;
  EXPECT_THAT(run("run healthy").out, HasSubstr("kamailio-sim run healthy --seed 1\n"));
}

TEST_F(CommandLineTest, TakesFilesForFilesAndNamesForBuiltinScenarios) {
  shell().write("healthy", scenario);
  shell().write("mine.yaml", scenario);
  shell().write("other", scenario);
  const auto builtin = run("run healthy");
  EXPECT_THAT(builtin.out, Not(HasSubstr("A short one")));
  EXPECT_THAT(builtin.err, AllOf(HasSubstr("built-in scenario"), HasSubstr("./healthy")));
  EXPECT_THAT(run("run ./healthy").out, HasSubstr("A short one"));
  EXPECT_THAT(run("run mine.yaml").out, HasSubstr("A short one"));
  EXPECT_EQ(run("run mine.yaml").err, "");
  expect_refusal("run other", AllOf(HasSubstr("unknown scenario 'other'"), HasSubstr("./other")));
}

TEST_F(CommandLineTest, SaysWhyAScenarioCannotBeRead) {
  shell().write("empty.yaml", "");
  expect_refusal("run empty.yaml", StartsWith("empty.yaml:1:1: the file is empty"));
  expect_refusal("run /dev/null", StartsWith("/dev/null:1:1: the file is empty"));
  expect_refusal("run ./", StartsWith("./: Is a directory"));
  expect_refusal("run missing.yaml", StartsWith("missing.yaml: No such file or directory"));
  expect_refusal("run healthy.yaml", HasSubstr("built-in scenario, use its name: healthy"));
}

TEST_F(CommandLineTest, PrintsABuiltinScenarioAsATemplate) {
  const auto listed = run("list healthy");
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, StartsWith("claim: "));
  EXPECT_EQ(shell().run("kamailio-sim list healthy >mine.yaml && kamailio-sim run mine.yaml").code,
            0);
}

TEST_F(CommandLineTest, PrintsJsonThatSaysHowToRepeatIt) {
  shell().write("mine.yaml", scenario);
  const auto ran = run("run mine.yaml --seed 7 --json");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, StartsWith("{\n  \"scenario\": \"mine.yaml\",\n  \"seed\": 7,\n"
                                  "  \"claim\": \"A short one\",\n  \"steps\": ["));
  EXPECT_THAT(ran.err, HasSubstr("to repeat: "));
}

}  // namespace
}  // namespace sim
