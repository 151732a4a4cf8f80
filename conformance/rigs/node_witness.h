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
#include <vector>

namespace conformance {

// Sees what happens to the processes of a node: which there are, and which signals they got.
class NodeWitness {
 public:
  // `records`: where fake servers note the signals that they get; empty: nobody does. `rate`: how
  // many times faster the node's time is than this machine's, at least 1.
  NodeWitness(const sim::Instances& instances, node::Init& init, std::string records, double rate);

  // The resources' processes of this moment, and the helpers that do not end within a few seconds.
  [[nodiscard]] SeenMachine look();

  // Since the last time this was asked for, and from others than the server
  // itself. Nothing: nobody has recorded them.
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
  std::map<int, std::string> owners_;  // instances by the pids that they have had
};

}  // namespace conformance
