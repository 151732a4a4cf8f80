#pragma once

#include "conformance/command_line/options.h"
#include "conformance/run/plan.h"

#include <tl/expected.hpp>

#include <string>

namespace conformance {

// Creates the selected rigs for this agent. Otherwise the error: what this machine lacks, and what
// to do.
[[nodiscard]] tl::expected<RigSet, std::string> make_rigs(const Options& options,
                                                          const AgentFile& agent);

}  // namespace conformance
