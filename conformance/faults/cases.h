#pragma once

#include "conformance/cluster/cluster.h"

#include <string>
#include <vector>

namespace faults {

// One action in one state of the machine. Each of its calls is made to fail.
struct Case {
  std::string name;  // in the name of a fault
  cluster::Resource resource;
  cluster::Operation operation;
  bool is_running = false;  // the instance, before
  int code = 0;             // of the action when nothing fails
};

// Writes the configuration of the instance to /etc/kamailio. The resource of the first asks by
// itself.
[[nodiscard]] std::vector<Case> make_cases();

}  // namespace faults
