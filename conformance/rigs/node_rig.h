#pragma once

#include "conformance/node/apart.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"
#include "sim/cluster/call.h"

#include <set>
#include <string>

namespace conformance {

// A rig that runs an agent executable with real processes, each scenario on a node of its own.
struct NodeRig {
  std::string agent;  // its path
  cluster::AgentName name;
  std::string fakes;     // the directory of the fake programs; empty: uses the real ones
  std::string faketime;  // the path of libfaketime; empty: real time
  double rate = 1;       // how much faster clocks run
  host::Environment environment = {};  // of each call, in addition to the caller's
  std::set<std::string> shared = {};   // writable directories of the machine
};

// The path of the agent on its node, named as its type.
[[nodiscard]] std::string path_on_node(const NodeRig& rig);

// The path of the SIP responder on a node.
inline constexpr const char* responder_on_node = "/usr/lib/ocf-node-sip-responder";

// Creates the node; runs in its init.
void make_node(const NodeRig& rig);

// Creates the files of a node with Kamailio: configuration and directories. make_node() calls it
// first.
void furnish_node();

// Runs the scenario on that node.
[[nodiscard]] Evidence play_on_node(const Scenario& scenario, const NodeRig& rig, node::Init& init);

}  // namespace conformance
