#include "agent/kamailio/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kamailio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Words = std::vector<std::string>;

std::vector<Option> options(const Words& words) { return read_options(words); }

TEST(Options, HaveTheirValueInTheNextWordOrInTheSame) {
  EXPECT_THAT(options({"-P", "/run/k.pid", "-f/etc/k.cfg"}),
              ElementsAre(Option{.name = "P", .value = "/run/k.pid", .word = 0},
                          Option{.name = "f", .value = "/etc/k.cfg", .word = 2}));
}

TEST(Options, CanBeBundledInOneWord) {
  EXPECT_THAT(
      options({"-EDP", "/run/k.pid", "-rP/x"}),
      ElementsAre(Option{.name = "E", .word = 0}, Option{.name = "D", .word = 0},
                  Option{.name = "P", .value = "/run/k.pid", .word = 0},
                  Option{.name = "r", .word = 2}, Option{.name = "P", .value = "/x", .word = 2}));
}

TEST(Options, AreNotTheValuesOfOthers) {
  EXPECT_THAT(options({"-f", "-P", "-A", "-c"}),
              ElementsAre(Option{.name = "f", .value = "-P", .word = 0},
                          Option{.name = "A", .value = "-c", .word = 2}));
}

TEST(Options, AreNotWordsWithoutAHyphen) {
  EXPECT_THAT(options({"P", "-", "/run/k.pid"}), IsEmpty());
}

TEST(Options, EndAtTwoHyphens) {
  EXPECT_THAT(options({"-E", "--", "-P", "/run/k.pid"}),
              ElementsAre(Option{.name = "E", .word = 0}));
}

TEST(Options, CanBeLong) {
  EXPECT_THAT(options({"--alias=example.com", "--server-id", "7", "--cfg-print", "-E"}),
              ElementsAre(Option{.name = "alias", .value = "example.com", .word = 0},
                          Option{.name = "server-id", .value = "7", .word = 1},
                          Option{.name = "cfg-print", .word = 3}, Option{.name = "E", .word = 4}));
}

TEST(Options, WithoutTheirValueHaveAnEmptyOne) {
  EXPECT_THAT(options({"-P"}), ElementsAre(Option{.name = "P"}));
}

TEST(Options, OfOneNameCountByTheLast) {
  EXPECT_EQ(last_value(options({"-u", "a", "-ub"}), "u"), "b");
  EXPECT_EQ(last_value(options({"-u", "a"}), "g"), std::nullopt);
}

TEST(Options, CanAskForAnAnswerAlone) {
  for (const auto* word :
       {"-c", "-h", "-I", "-v", "-V", "-Ec", "--help", "--version", "--cfg-print"}) {
    EXPECT_TRUE(only_answers(options({word}))) << word;
  }
  EXPECT_FALSE(only_answers(options({"-P", "-c", "-DD", "-E"})));
}

}  // namespace
}  // namespace kamailio
