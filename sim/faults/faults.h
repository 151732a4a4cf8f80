#pragma once

#include "sim/setup/node.h"

#include <functional>
#include <span>
#include <string>

namespace sim {

// A fault that the agent must survive before any of its calls to the machine.
struct Fault {
  std::string name;
  std::string reason;  // why it is on the list
  std::string source;  // a measured fact, an issue from the field, a manual page
  std::function<void(Node&, const cluster::Resource&)> strike;
  // Repairs the machine; effects on processes remain.
  std::function<void(Node&, const cluster::Resource&)> repair = [](Node&,
                                                                   const cluster::Resource&) {};
};

// Faults that are not on the list are not injected.
[[nodiscard]] std::span<const Fault> faults();

}  // namespace sim
