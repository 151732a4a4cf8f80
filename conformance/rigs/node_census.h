#pragma once

#include "conformance/rigs/census.h"

#include <set>
#include <string>
#include <vector>

namespace conformance {

// What belongs to the player of a scenario on a node.
struct OnNode {
  std::string server;  // the executable of a Kamailio there
  std::set<int> own_pids;
  std::vector<host::Endpoint> own_endpoints;
};

// Of the node on which this runs.
[[nodiscard]] Census census_of(const OnNode& node);

}  // namespace conformance
