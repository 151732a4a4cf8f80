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

// The kind of scenarios: claims about agents, or recordings of the real programs.
enum class Kind { scenarios, recordings };

// All files below fixtures/: requirements/*.yaml and scenarios/*.yaml (or .yml), or
// recordings/*.yaml instead of scenarios, sorted by name. Ids are unique across files. Otherwise
// the error, as FILE:LINE:COLUMN: TEXT.
[[nodiscard]] tl::expected<Suite, std::string> read_suite(const std::string& fixtures,
                                                          Kind kind = Kind::scenarios);

}  // namespace conformance
