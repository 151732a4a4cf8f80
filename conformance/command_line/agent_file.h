#pragma once

#include "sim/cluster/environment.h"

#include <tl/expected.hpp>

#include <string>

namespace conformance {

// An agent as an executable.
struct AgentFile {
  std::string path;  // absolute
  cluster::AgentName name;
};

// What was asked for as ocf:PROVIDER:TYPE (below $OCF_ROOT, usually /usr/lib/ocf) or as a path,
// whose last two parts are taken for the provider and the type. Otherwise why there is none.
[[nodiscard]] tl::expected<AgentFile, std::string> find_agent(const std::string& word);

}  // namespace conformance
