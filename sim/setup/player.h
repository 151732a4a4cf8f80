#pragma once

#include "sim/kernel/trace.h"
#include "sim/setup/programs.h"
#include "sim/setup/scenario.h"
#include "sim/yaml/table.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace sim {

// The reply to an OPTIONS request, as ask_options() returns it.
struct SipLine {
  std::string line;
  host::Duration took{};
};

// A step that has run.
struct PlayedStep {
  std::string text;
  host::TimePoint at;
  std::optional<AgentResult> result;  // of a call of the agent
};

// The result of a step.
using StepResult = std::variant<std::monostate, AgentResult, ProgramEnd, SipLine>;

// Runs one step after the other on a node of its own.
class ScenarioPlayer {
 public:
  // Throws yaml::Misread if the setup is impossible.
  ScenarioPlayer(const Setup& setup, Instances instances, std::uint64_t seed);

  // Throws yaml::Misread if the step is impossible, such as the removal of a missing file.
  StepResult play(const Step& step);

  [[nodiscard]] Node& node() { return node_; }
  [[nodiscard]] const Programs& programs() const { return programs_; }

 private:
  StepResult act(const CallAgent& call, const std::string& text);
  StepResult act(const Pass& pass, const std::string& text);
  StepResult act(const SendSignal& send, const std::string& text);
  StepResult act(const RunProgram& run, const std::string& text);
  StepResult act(const AskOptions& question, const std::string& text);
  StepResult act(const Suspend& suspend, const std::string& text);
  StepResult act(const SetClock& set, const std::string& text);
  StepResult act(const Update& update, const std::string& text);
  StepResult act(const Change& change, const std::string& text);

  AgentResult run_with_events(const CallAgent& call);
  void write(const std::string& who, const std::string& what);
  [[nodiscard]] std::string wall_clock();
  int send_to_servers(const SendSignal& send);
  void apply(const Setup& setup);
  void put(const PlacedFile& file);
  [[nodiscard]] std::string text_of(const PlacedFile& file);
  void add(const Stranger& stranger);
  void set_faults(const std::vector<PlacedFault>& faults);

  Instances instances_;
  Node node_;
  Programs programs_;
  std::set<std::string> faulty_;  // paths
};

struct PlayedScenario {
  host::TimePoint begin;
  std::vector<PlayedStep> steps;
  std::vector<Trace::Line> trace;
  std::optional<yaml::Misread> stopped;  // by a step that is impossible
};

[[nodiscard]] PlayedScenario play(const Scenario& scenario, std::uint64_t seed);

}  // namespace sim
