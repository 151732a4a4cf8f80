#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/node/storage.h"
#include "conformance/rigs/node_rig.h"
#include "conformance/rigs/node_witness.h"
#include "conformance/rigs/profile_text.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace conformance {

// Plays the steps of a scenario on the node on which it runs.
class NodePlayer {
 public:
  NodePlayer(const Scenario& scenario, const NodeRig& rig, node::Init& init);

  [[nodiscard]] Evidence play();

 private:
  using Call = std::optional<SeenCall>;

  Call act(const sim::CallAgent& call);
  Call act(const sim::Pass& pass);
  Call act(const sim::SendSignal& send);
  Call act(const sim::Suspend& suspend);
  Call act(const sim::SetClock& set);
  Call act(const sim::Update& update);
  Call act(const sim::Change& change);

  void prepare();
  void see_end(Evidence& evidence) const;
  void apply(const sim::WorldPlan& plan);
  [[nodiscard]] std::string text_of(const sim::PlacedFile& file) const;
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
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Timeline timeline_;
};

}  // namespace conformance
