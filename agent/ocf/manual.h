#pragma once

#include "agent/ocf/spec.h"

#include <string>

namespace ocf {

// ocf_PROVIDER_NAME(7), in the macros of man(7).
[[nodiscard]] std::string manual_page(const AgentSpec& spec, std::string_view provider);

}  // namespace ocf
