#pragma once

#include "conformance/node/apart.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"
#include "sim/cluster/call.h"

#include <set>
#include <string>

namespace conformance {

// Where an executable of an agent is played with real processes, each scenario on a node of its
// own.
struct NodeRig {
  std::string agent;  // its path
  cluster::AgentName name;
  std::string fakes;     // the directory of the fake programs; empty: the real ones are played with
  std::string faketime;  // libfaketime; empty: time passes as it does
  double rate = 1;       // so many times faster
  host::Environment environment = {};  // of each call, besides what the caller sets
  std::set<std::string> shared = {};   // directories of the machine that may be written to
};

// Where the agent is on its node, called by its type.
[[nodiscard]] std::string path_on_node(const NodeRig& rig);

// Where SIP responders of a scenario are on its node.
inline constexpr const char* responder_on_node = "/usr/lib/ocf-node-sip-responder";

// The node, as its init makes it.
void make_node(const NodeRig& rig);

// Puts there what a node with Kamailio has: a configuration, directories. make_node() does that for
// the first time.
void furnish_node();

// On that node.
[[nodiscard]] Evidence play_on_node(const Scenario& scenario, const NodeRig& rig, node::Init& init);

}  // namespace conformance
