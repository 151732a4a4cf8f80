#include "agent/host/clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace host {
namespace {

using namespace std::chrono_literals;

TEST(DurationTest, IsToldAsPeopleReadIt) {
  EXPECT_EQ(in_seconds(0ms), "0 ms");
  EXPECT_EQ(in_seconds(99ms), "99 ms");
  EXPECT_EQ(in_seconds(299'400us), "300 ms");
  EXPECT_EQ(in_seconds(294ms), "290 ms");
  EXPECT_EQ(in_seconds(999'900us), "1.0 s");
  EXPECT_EQ(in_seconds(15s), "15.0 s");
  EXPECT_EQ(in_seconds(1950ms), "2.0 s");
}

}  // namespace
}  // namespace host
