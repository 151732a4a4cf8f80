#pragma once

#include "agent/host/clock.h"
#include "conformance/requirements/requirement.h"

#include <optional>
#include <string>
#include <vector>

namespace conformance {

// A violated expectation.
struct Finding {
  std::string rule;  // the scenario's own expectation, or a general rule for calls
  std::string step;  // "stop one, timeout 30s"; empty: at the end
  std::string expected;
  std::string seen;
  std::string consequence;  // what the cluster would have done; empty if nothing
  int line = 0;             // in the check's file, from 1; 0: unknown
};

struct TimelineLine {
  host::Duration at{};  // since the beginning
  std::string who;      // "cluster", "kamailio[102]"
  std::string what;
};

using Timeline = std::vector<TimelineLine>;

// A check: a scenario, or a check of the contract.
struct Question {
  std::string name;   // "stop-of-orphans/builtin", "contract.stop.twice"
  std::string topic;  // "Stop"
  std::string claim;
  std::vector<std::string> rests_on = {};  // ids of requirements
  std::string place = {};                  // FILE:LINE; empty if it is not in a file
};

// Lines of the check's file, from 1, that --record replaces; `end` is after the last.
struct Correction {
  int begin = 0;
  int end = 0;
  std::string text;

  friend bool operator==(const Correction&, const Correction&) = default;
};

// The result of a check on one rig.
struct Outcome {
  enum class Verdict {
    passed,
    failed,
    warned,   // failed, and its strongest requirement is a SHOULD
    broken,   // could not be run: the findings have the reason
    skipped,  // does not apply: `reason` says why
  };

  Question question;
  std::string rig;  // "simulated", "fakes", "live", "contract"
  Verdict verdict = Verdict::passed;
  std::string reason = {};
  std::vector<std::string> answers = {};  // "stop one: success (0)", one for each step
  std::vector<Finding> findings = {};     // of failed, warned and not run
  bool is_second_try =
      false;  // flaky: failed at first, and passed on retry with fewer nodes at a time
  std::optional<Correction> correction = {};  // of a recording that differs
  Timeline timeline = {};
  host::Duration took{};  // in the time of its machine, which may be virtual
};

// The results of a run.
struct Run {
  std::string agent;    // "ocf:sip:kamailio", or its path
  std::string command;  // that repeats the run
  std::vector<Requirement> requirements = {};
  std::vector<Outcome> outcomes = {};
};

enum class Strictness { usual, strict };

// Turns failures whose strongest requirement is a SHOULD into warnings; in strict mode, warnings
// into failures.
void weigh(Run& run, Strictness strictness);

// Serialises an outcome, without its question, to send it from a node to the runner.
[[nodiscard]] std::string json_of(const Outcome& outcome);

// Parses such an outcome. Throws std::runtime_error if the text is not one.
[[nodiscard]] Outcome outcome_from(const std::string& text);

}  // namespace conformance
