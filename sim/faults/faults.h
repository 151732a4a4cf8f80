#pragma once

#include "sim/setup/node.h"

#include <functional>
#include <span>
#include <string>

namespace sim {

// What the agent must survive at any moment: before each question that it asks the machine.
struct Fault {
  std::string name;
  std::string reason;  // why it is on the list
  std::string source;  // a measured fact, an issue from the field, a manual page
  std::function<void(Node&, const cluster::Resource&)> strike;
  // Makes the machine sound again; what has happened to processes stays so.
  std::function<void(Node&, const cluster::Resource&)> repair = [](Node&,
                                                                   const cluster::Resource&) {};
};

// What is not on the list is not injected.
[[nodiscard]] std::span<const Fault> faults();

}  // namespace sim
