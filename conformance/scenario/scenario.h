#pragma once

#include "agent/host/clock.h"
#include "conformance/scenario/facts.h"
#include "sim/setup/scenario.h"
#include "sim/yaml/tree.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

// A scenario: a claim about an agent, with a setup, steps and expectations (fixtures/scenarios/),
// or about a program that agents use, measured on the real one (fixtures/recordings/).
// docs/scenarios.md describes the files.

// The expected result of a call of the agent. Omitted parts are not compared, but the rules for
// every call apply (judge.h).
struct Expectation {
  std::vector<int> codes;  // the allowed exit codes
  std::optional<host::Duration> within;
  std::optional<host::Duration> not_before;
  std::vector<std::string> says;          // parts of the exit reason
  std::vector<std::string> says_not;      // texts that are not part of it
  std::vector<std::string> prints;        // parts of the standard output
  std::vector<std::string> logs;          // each a part of a logged line
  std::vector<std::string> logs_not;      // texts that are part of no logged line
  std::optional<std::vector<int>> sends;  // signals to the resource's processes, in the order in
                                          // which each was sent first
};

struct Step {
  sim::Step what;
  Expectation expects;  // of a call of the agent
  Facts facts{};        // of a program, a signal or an ask step
  // The lines of the facts in the file, from 1, and their indentation, if they are the last keys of
  // the scenario, so that ocf-conformance --record can replace them. Otherwise 0.
  struct {
    int begin = 0;
    int end = 0;
    int indentation = 0;
  } fact_lines{};
};

// A condition at the end.
struct Condition {
  enum class Kind {
    no_process_of,
    processes_of,
    same_processes_of,
    new_processes_of,
    file,
    no_file,
    empty
  };

  Kind kind = Kind::no_process_of;
  std::string subject;  // an instance or a path
  yaml::Place place{};

  // Of processes_of.
  std::string run_as = {};                              // "USER:GROUP" of all processes
  std::optional<std::vector<std::string>> arguments{};  // the last arguments of the main process

  // Of a file.
  std::optional<std::string> text{};
  std::string pid_of = {};  // the text is the PID of this instance's main process
  std::string owner = {};   // "USER:GROUP"
  std::optional<unsigned> mode{};
};

struct Scenario {
  std::string id;       // "stop-kills-a-server-that-ignores-sigterm"
  std::string variant;  // "5s/builtin"; empty if there is only one
  std::string topic;
  std::string claim;
  std::vector<std::string> rests_on;  // ids of requirements
  // Why the scenario requires more than other agents promise; empty if it does not.
  std::string beyond = {};
  std::map<std::string, std::string> skips = {};  // by rig: the reason why it cannot pass there
  // The program on which the facts were measured, as "kamailio 5.6.3 of Debian 12"; empty for a
  // scenario about an agent.
  std::string measured_with = {};
  std::string file;
  yaml::Place place;

  std::uint64_t seed = 1;
  sim::Setup setup;
  sim::Instances instances;
  std::vector<Step> steps;
  std::vector<Condition> then;

  // The id with the variant.
  [[nodiscard]] std::string name() const { return variant.empty() ? id : id + "/" + variant; }
};

}  // namespace conformance
