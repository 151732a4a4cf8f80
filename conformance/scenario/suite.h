#pragma once

#include "conformance/requirements/requirement.h"
#include "conformance/scenario/scenario.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace conformance {

struct Suite {
  std::vector<Requirement> requirements;
  std::vector<Scenario> scenarios;
};

// Which scenarios: claims about agents, or what the real programs do.
enum class Kind { scenarios, recordings };

// All that stands below fixtures/: requirements/*.yaml and scenarios/*.yaml (or .yml), or
// recordings/*.yaml instead of those, in the order of their names. No two files have a scenario of
// the same id. Otherwise what is wrong, as FILE:LINE:COLUMN: TEXT.
[[nodiscard]] tl::expected<Suite, std::string> read_suite(const std::string& fixtures,
                                                          Kind kind = Kind::scenarios);

}  // namespace conformance
