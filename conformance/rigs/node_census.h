#pragma once

#include "conformance/rigs/census.h"

#include <set>
#include <string>
#include <vector>

namespace conformance {

// The parts of a node that belong to the player of a scenario.
struct OnNode {
  std::string server;  // the Kamailio executable on the node
  std::set<int> own_pids;
  std::vector<host::Endpoint> own_endpoints;
};

// The census of this node.
[[nodiscard]] Census census_of(const OnNode& node);

}  // namespace conformance
