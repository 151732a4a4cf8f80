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

// A claim: given a setup and resources, when this happens, then that is seen. It is about an agent,
// with files in fixtures/scenarios/, or about a program that agents deal with, measured on the real
// one, with files in fixtures/recordings/. Their language is told in docs/scenarios.md.

// What a call of the agent has to come to. What is left out may be anything, but for what holds of
// every call (judge.h).
struct Expectation {
  std::vector<int> codes;  // one of them
  std::optional<host::Duration> within;
  std::optional<host::Duration> not_before;
  std::vector<std::string> says;          // parts of the exit reason
  std::vector<std::string> says_not;      // no parts of it
  std::vector<std::string> prints;        // parts of its standard output
  std::vector<std::string> logs;          // each a part of some line that it logs
  std::vector<std::string> logs_not;      // no parts of any
  std::optional<std::vector<int>> sends;  // signals to the resource's processes, in the order in
                                          // which each was sent first
};

struct Step {
  sim::Step what;
  Expectation expects;  // of a call of the agent
  Facts facts{};        // of a program, a signal or a question
  // Where the facts stand in the file, if they are the last that the scenario says, so that
  // ocf-conformance --record may replace them: lines from 1, and blanks in front. Otherwise 0.
  struct {
    int begin = 0;
    int end = 0;
    int indentation = 0;
  } fact_lines{};
};

// What has to hold at the end.
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
  std::string run_as = {};                              // "USER:GROUP" of all
  std::optional<std::vector<std::string>> arguments{};  // of the main process, the last ones

  // Of a file.
  std::optional<std::string> text{};
  std::string pid_of = {};  // the text is the pid of this instance's main process
  std::string owner = {};   // "USER:GROUP"
  std::optional<unsigned> mode{};
};

struct Scenario {
  std::string id;       // "stop-kills-a-server-that-ignores-sigterm"
  std::string variant;  // "5s/builtin"; empty if there is only one
  std::string topic;
  std::string claim;
  std::vector<std::string> rests_on;  // ids of requirements
  // Why it asks for more than other agents have promised; empty: for nothing more.
  std::string beyond = {};
  std::map<std::string, std::string> skips = {};  // by rig: why it cannot pass there
  // On which program its facts were measured, as "kamailio 5.6.3 of Debian 12"; empty: it is about
  // an agent.
  std::string measured_with = {};
  std::string file;
  yaml::Place place;

  std::uint64_t seed = 1;
  sim::Setup setup;
  sim::Instances instances;
  std::vector<Step> steps;
  std::vector<Condition> then;

  // With its variant.
  [[nodiscard]] std::string name() const { return variant.empty() ? id : id + "/" + variant; }
};

}  // namespace conformance
