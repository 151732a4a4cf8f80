#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/contract/meta_data.h"
#include "conformance/contract/surroundings.h"

#include <optional>
#include <string>

namespace contract {

// The agent that is asked, and a resource for it to run: with these parameters it has to start.
struct Subject {
  cluster::Cluster cluster;
  cluster::AgentName name;
  cluster::Resource resource;
  // Another resource that can run beside it on the same node. Without one it is derived from the
  // first: another name, and other values of the parameters that have to be unique.
  std::optional<cluster::Resource> other = std::nullopt;
  double rate = 1;  // of the cluster
  MetaData meta_data = {};
  Surroundings surroundings = {};
};

// Asks the agent for its meta-data. What cannot be read of it stays empty.
void learn_meta_data(Subject& subject);

}  // namespace contract
