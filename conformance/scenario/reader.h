#pragma once

#include "conformance/scenario/scenario.h"

#include <tl/expected.hpp>

#include <functional>
#include <string>
#include <vector>

namespace conformance {

// The scenarios of one file, one for each variant. `is_requirement` tells whether an id is that of
// a requirement.
[[nodiscard]] tl::expected<std::vector<Scenario>, yaml::BadInput> read_scenarios(
    const std::string& file, const std::string& text,
    const std::function<bool(const std::string&)>& is_requirement);

}  // namespace conformance
