#include "agent/host/kept_output.h"

#include <gtest/gtest.h>

#include <string>

namespace host {
namespace {

TEST(KeptOutput, IsAllIfNothingIsIgnored) {
  KeptOutput output;
  output.add("one\ntw");
  EXPECT_EQ(output.text(), "one\ntw");
  output.add("o");
  output.end();
  EXPECT_EQ(output.text(), "one\ntwo");
}

TEST(KeptOutput, IsTheBeginningOfTheOutput) {
  KeptOutput output;
  output.add(std::string(KeptOutput::most - 1, 'x'));
  output.add("yz");
  output.add("z");
  EXPECT_EQ(output.text(), std::string(KeptOutput::most - 1, 'x') + "y");
}

TEST(KeptOutput, HasNoLineWithTheTextThatIsIgnored) {
  KeptOutput output(" DEBUG: ");
  output.add("0 DEBUG: a\n0 ERROR: b\n0 DEB");
  output.add("UG: c\n\n1 ERROR");
  EXPECT_EQ(output.text(), "0 ERROR: b\n\n");
  output.add(": d");
  output.end();
  EXPECT_EQ(output.text(), "0 ERROR: b\n\n1 ERROR: d");
}

TEST(KeptOutput, HasLinesAfterAnyNumberOfIgnoredLines) {
  KeptOutput output(" DEBUG: ");
  for (int i = 0; i < 10'000; ++i) {
    output.add("0 DEBUG: " + std::string(100, 'x') + "\n");
  }
  output.add("0 ERROR: b\n");
  EXPECT_EQ(output.text(), "0 ERROR: b\n");
}

TEST(KeptOutput, IncludesALastLineWithoutAnEnd) {
  KeptOutput output(" DEBUG: ");
  for (int i = 0; i < 100; ++i) {
    output.add(std::string(KeptOutput::most / 50, 'x'));
  }
  EXPECT_EQ(output.text(), std::string(KeptOutput::most, 'x'));
}

}  // namespace
}  // namespace host
