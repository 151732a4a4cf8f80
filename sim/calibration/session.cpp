#include "sim/calibration/session.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>

namespace calibration {

void play_all(const std::vector<Job>& jobs, unsigned at_a_time) {
  std::mutex telling;
  const auto play = [&telling](const Job& job) {
    const auto observation = job.player.play(job.situation);
    const std::lock_guard lock(telling);
    job.tell(observation);
  };
  std::vector<const Job*> quick;
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;  // the last to be made, since its end waits for all of them
  for (const auto& job : jobs) {
    if (job.situation.is_slow) {
      threads.emplace_back([&play, &job] { play(job); });
    } else {
      quick.push_back(&job);
    }
  }
  for (unsigned i = 0; i < at_a_time; ++i) {
    threads.emplace_back([&] {
      for (auto mine = next++; mine < quick.size(); mine = next++) {
        play(*quick[mine]);
      }
    });
  }
}

}  // namespace calibration
