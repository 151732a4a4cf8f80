#include "agent/posix/activity.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace posix {
namespace {

std::string current_activity() { return std::string(ActivityText().view()); }

TEST(ActivityTest, IsEmptyWithoutAnActivity) { EXPECT_EQ(current_activity(), ""); }

TEST(ActivityTest, LastsAsLongAsItsObject) {
  {
    const Activity activity("reading", "/etc/kamailio/kamailio.cfg");
    EXPECT_EQ(current_activity(), "reading /etc/kamailio/kamailio.cfg");
  }
  EXPECT_EQ(current_activity(), "");
}

TEST(ActivityTest, HidesTheOuterOne) {
  const Activity outer("looking up", "user kamailio");
  {
    const Activity inner("reading", "/etc/passwd");
    EXPECT_EQ(current_activity(), "reading /etc/passwd");
  }
  EXPECT_EQ(current_activity(), "looking up user kamailio");
}

TEST(ActivityTest, IsCutWhereItIsTooLong) {
  const Activity activity("reading", std::string(5000, 'x'));
  EXPECT_EQ(current_activity(), "reading " + std::string(248, 'x'));
  for (int depth = 0; depth < 3; ++depth) {
    const Activity more("and", std::string(5000, 'y'));
    (void)current_activity();
  }
  EXPECT_EQ(current_activity(), "reading " + std::string(248, 'x'));
}

TEST(ActivityTest, IsReadByAnotherThreadWhileItChanges) {
  std::atomic<bool> is_over = false;
  std::thread reader([&] {
    while (!is_over) {
      EXPECT_LE(current_activity().size(), 256U);
    }
  });
  for (int turn = 0; turn < 100'000; ++turn) {
    const Activity outer("reading", turn % 2 == 0 ? "a" : "another file");
    const Activity inner("looking at", "it");
  }
  is_over = true;
  reader.join();
  EXPECT_EQ(current_activity(), "");
}

}  // namespace
}  // namespace posix
