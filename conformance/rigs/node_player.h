#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/node/storage.h"
#include "conformance/rigs/node_programs.h"
#include "conformance/rigs/node_rig.h"
#include "conformance/rigs/node_witness.h"
#include "conformance/rigs/profile_text.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace conformance {

// Runs the steps of a scenario on this node.
class NodePlayer {
 public:
  NodePlayer(const Scenario& scenario, const NodeRig& rig, node::Init& init);

  [[nodiscard]] Evidence play();

 private:
  class Events;

  // The result of a step, without the state of the machine after it.
  SeenStep act(const sim::CallAgent& call);
  SeenStep act(const sim::Pass& pass);
  SeenStep act(const sim::SendSignal& send);
  SeenStep act(const sim::RunProgram& run);
  SeenStep act(const sim::AskOptions& question);
  SeenStep act(const sim::Suspend& suspend);
  SeenStep act(const sim::SetClock& set);
  SeenStep act(const sim::Update& update);
  SeenStep act(const sim::Change& change);

  void prepare();
  void see_end(Evidence& evidence) const;
  void apply(const sim::Setup& setup);
  [[nodiscard]] std::string text_of(const sim::PlacedFile& file);
  void put(const sim::PlacedFile& file);
  void tell_fakes();
  void write(const std::string& who, const std::string& what);

  const Scenario& scenario_;
  const NodeRig& rig_;
  cluster::Cluster cluster_;
  sim::Instances instances_;
  NodeWitness witness_;
  ProfileText profile_;
  std::map<std::string, node::Storage> storages_;
  NodePrograms programs_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Timeline timeline_;
};

}  // namespace conformance
