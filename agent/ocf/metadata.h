#pragma once

#include "agent/ocf/spec.h"

#include <string>

namespace ocf {

// The meta-data document of OCF RA API 1.1, schema ra-api.rng.
[[nodiscard]] std::string metadata_xml(const AgentSpec& spec);

// The same as a reference in Markdown.
[[nodiscard]] std::string reference_markdown(const AgentSpec& spec);

// The manual page ocf_PROVIDER_NAME(7), in the macros of man(7).
[[nodiscard]] std::string manual_page(const AgentSpec& spec, std::string_view provider);

}  // namespace ocf
