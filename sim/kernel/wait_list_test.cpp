#include "sim/kernel/wait_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WaitListTest : public testing::Test {
 protected:
  WaitList::Place join(const std::string& name) {
    return list->join([this, name] { told.push_back(name); });
  }

  std::optional<WaitList> list = WaitList();  // NOLINT: GoogleTest's way
  std::vector<std::string> told;              // NOLINT: GoogleTest's way
};

TEST_F(WaitListTest, TellsAllInTheOrderOfTheirJoining) {
  const auto first = join("first");
  const auto second = join("second");
  list->notify();
  list->notify();
  EXPECT_THAT(told, ElementsAre("first", "second", "first", "second"));
}

TEST_F(WaitListTest, DoesNotTellThoseWhoHaveLeft) {
  { const auto place = join("gone"); }
  auto moved = join("moved");
  moved = join("in its place");
  list->notify();
  EXPECT_THAT(told, ElementsAre("in its place"));
}

TEST_F(WaitListTest, DoesNotTellThoseWhoLeaveMeanwhile) {
  std::optional<WaitList::Place> second;
  const auto first = list->join([&] { second.reset(); });
  second = join("left");
  list->notify();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(WaitListTest, DoesNotTellThoseWhoJoinMeanwhile) {
  std::vector<WaitList::Place> places;
  places.push_back(list->join([&] { places.push_back(join("new")); }));
  list->notify();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(WaitListTest, MayEndBeforeThePlacesInIt) {
  const auto place = join("anybody");
  list.reset();
  EXPECT_THAT(told, IsEmpty());
}

}  // namespace
}  // namespace sim
