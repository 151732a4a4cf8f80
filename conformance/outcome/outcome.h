#pragma once

#include "agent/host/clock.h"
#include "conformance/requirements/requirement.h"

#include <optional>
#include <string>
#include <vector>

namespace conformance {

// Something that is not as it has to be.
struct Finding {
  std::string rule;  // the scenario's own expectation, or the rule that holds of every call
  std::string step;  // "stop one, timeout 30s"; empty: at the end
  std::string expected;
  std::string seen;
  std::string consequence;  // what the cluster would have done; empty if nothing
  int line = 0;             // of the question's file, from 1; 0: none in particular
};

struct TimelineLine {
  host::Duration at{};  // since the beginning
  std::string who;      // "cluster", "kamailio[102]"
  std::string what;
};

using Timeline = std::vector<TimelineLine>;

// Something that an agent is asked: a scenario, or a check of the contract.
struct Question {
  std::string name;   // "stop-of-orphans/builtin", "contract.stop.twice"
  std::string topic;  // "Stop"
  std::string claim;
  std::vector<std::string> rests_on = {};  // ids of requirements
  std::string place = {};                  // FILE:LINE, if it stands in a file
};

// Lines of the question's file, from 1, that --record replaces; `end` is behind the last.
struct Correction {
  int begin = 0;
  int end = 0;
  std::string text;

  friend bool operator==(const Correction&, const Correction&) = default;
};

// How it came out on one rig.
struct Outcome {
  enum class Verdict {
    passed,
    failed,
    warned,   // it rests on nothing stronger than SHOULD, and does not hold
    broken,   // it could not be asked: the findings say why
    skipped,  // it does not fit: `reason` says why
  };

  Question question;
  std::string rig;  // "simulated", "fakes", "live", "contract"
  Verdict verdict = Verdict::passed;
  std::string reason = {};
  std::vector<std::string> answers = {};  // "stop one: success (0)", step by step
  std::vector<Finding> findings = {};     // of failed, warned and broken
  bool is_second_try = false;  // it did not hold among many at a time, and does among few
  std::optional<Correction> correction = {};  // of a recording that is otherwise
  Timeline timeline = {};
  host::Duration took{};  // of the machine that it was played on, which may be virtual time
};

// All that a run has come to.
struct Run {
  std::string agent;    // "ocf:sip:kamailio", or its path
  std::string command;  // that repeats it
  std::vector<Requirement> requirements = {};
  std::vector<Outcome> outcomes = {};
};

enum class Strictness { usual, strict };

// Makes warnings of failures that rest on nothing stronger than SHOULD; strictly, failures of
// warnings.
void weigh(Run& run, Strictness strictness);

// An outcome on its way from a node to who has asked; without the question, which that knows.
[[nodiscard]] std::string json_of(const Outcome& outcome);

// Throws std::runtime_error if it is none.
[[nodiscard]] Outcome outcome_from(const std::string& text);

}  // namespace conformance
