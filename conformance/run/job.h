#pragma once

#include "conformance/node/apart.h"
#include "conformance/outcome/outcome.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace conformance {

// A question on one rig, to be asked.
struct Job {
  Question question;
  std::string rig;
  // The outcome; the question and the rig are filled in by who runs the job.
  std::function<Outcome(node::Init&)> play;
  // Makes the node on which it is played; nothing: it is played in this process, and quick.
  std::function<void()> make_node;
  // It is ended after that; an hour is for ever.
  std::chrono::milliseconds patience = std::chrono::hours(1);
  // When few are played at a time, and with more time: a failure counts only if this fails, too.
  std::shared_ptr<const Job> again = {};
};

// Runs them, at most so many at a time on nodes, and tells of each that is done; those played in
// this process first, and those that are asked again in the end, two for each core. After a SIGINT
// or SIGTERM all nodes are ended, and what was not done is missing.
[[nodiscard]] std::vector<Outcome> run_all(const std::vector<Job>& jobs, int at_a_time,
                                           const std::function<void(const Outcome&)>& done);

// Whether a signal has ended run_all().
[[nodiscard]] bool was_interrupted();

}  // namespace conformance
