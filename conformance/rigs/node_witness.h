#pragma once

#include "conformance/node/apart.h"
#include "conformance/scenario/evidence.h"
#include "sim/setup/scenario.h"

#include <chrono>
#include <ios>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace conformance {

// Observes the processes of a node, and the signals that they receive.
class NodeWitness {
 public:
  // `records`: where fake servers record received signals; empty: they do not. `rate`: how many
  // times faster the node's time is than this machine's, at least 1.
  NodeWitness(const sim::Instances& instances, node::Init& init, std::string records, double rate);

  // The current processes of the resources, and helpers that do not end within a few seconds.
  [[nodiscard]] SeenMachine look();

  // Somebody else than the agent sends this signal, which the next call of signals() leaves out.
  void note_other_sender(int pid, int signal) { of_others_.insert({pid, signal}); }

  // The signals since the last call, without those that the server itself or somebody else sent.
  // Nothing: they are not recorded.
  [[nodiscard]] std::optional<std::vector<SeenSignal>> signals();

 private:
  [[nodiscard]] std::chrono::nanoseconds patience() const;
  void wait_for_burials() const;
  void wait_for_deliveries() const;
  [[nodiscard]] std::string owner_of(int pid) const;
  [[nodiscard]] std::vector<std::string> helpers() const;

  const sim::Instances& instances_;
  node::Init& init_;
  std::string records_;
  double rate_;
  std::streamoff read_ = 0;            // of the records
  std::map<int, std::string> owners_;  // instances, by current and former PIDs
  std::set<std::pair<int, int>> of_others_;
};

}  // namespace conformance
