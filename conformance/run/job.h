#pragma once

#include "conformance/node/apart.h"
#include "conformance/outcome/outcome.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace conformance {

// A check to be run on one rig.
struct Job {
  Question question;
  std::string rig;
  // Returns the outcome. The runner fills in the question and the rig.
  std::function<Outcome(node::Init&)> play;
  // Creates the node. Nothing: the job runs in this process, and is quick.
  std::function<void()> make_node;
  // The job is killed after this long. The default is effectively no limit.
  std::chrono::milliseconds patience = std::chrono::hours(1);
  // The retry, with fewer jobs at a time and slower clocks: a failure counts only if the retry
  // fails, too.
  std::shared_ptr<const Job> again = {};
};

// Runs jobs, at most `at_a_time` of them on nodes at once, and calls `done` for each. Those that
// run in this process come first, and retries last, two for each core. After SIGINT or SIGTERM all
// nodes are ended, and unfinished jobs are missing from the result.
[[nodiscard]] std::vector<Outcome> run_all(const std::vector<Job>& jobs, int at_a_time,
                                           const std::function<void(const Outcome&)>& done);

// Whether a signal interrupted run_all().
[[nodiscard]] bool was_interrupted();

}  // namespace conformance
