#include "sim/calibration/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <vector>

namespace calibration {
namespace {

Situation situation(const std::string& id, bool is_slow) {
  Situation made{.id = id};
  made.is_slow = is_slow;
  return made;
}

// Each play of a slow situation waits for all the others of them.
class MeetingPlayer : public Player {
 public:
  explicit MeetingPlayer(int slow) : meeting_(slow) {}

  [[nodiscard]] host::Result<Observation> play(const Situation& situation) override {
    if (situation.is_slow) {
      meeting_.arrive_and_wait();
    }
    return Observation{.out = {situation.id}};
  }

 private:
  std::latch meeting_;
};

TEST(Session, PlaysEachOnceAndTheSlowOnesAtTheSameTime) {
  const std::vector<Situation> situations = {situation("a", true), situation("b", false),
                                             situation("c", true), situation("d", false),
                                             situation("e", true)};
  MeetingPlayer player(3);
  std::vector<std::string> told;
  std::vector<Job> jobs;
  for (const auto& one : situations) {
    jobs.push_back({.player = player, .situation = one, .tell = [&](const auto& observation) {
                      told.push_back(one.id + observation->out.front());
                    }});
  }
  play_all(jobs, 1);
  EXPECT_THAT(told, ::testing::UnorderedElementsAre("aa", "bb", "cc", "dd", "ee"));
}

}  // namespace
}  // namespace calibration
