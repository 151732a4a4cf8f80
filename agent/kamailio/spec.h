#pragma once

#include "agent/ocf/spec.h"

#include <string_view>

namespace kamailio {

// The table of parameters and actions. Names and defaults are those of the manual page
// ocf_heartbeat_kamailio(7), with some new parameters.
[[nodiscard]] const ocf::AgentSpec& agent_spec();

// One row of it; the name must be in the table.
[[nodiscard]] const ocf::ParameterSpec& parameter_spec(std::string_view name);

}  // namespace kamailio
