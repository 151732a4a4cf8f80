#pragma once

#include "conformance/command_line/options.h"
#include "conformance/run/plan.h"

#include <tl/expected.hpp>

#include <string>

namespace conformance {

// The rigs that were asked for, with this agent. Otherwise what they lack on this machine, and what
// to do.
[[nodiscard]] tl::expected<RigSet, std::string> make_rigs(const Options& options,
                                                          const AgentFile& agent);

}  // namespace conformance
