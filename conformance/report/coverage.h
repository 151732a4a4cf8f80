#pragma once

#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace conformance {

// Which questions rest on which requirement; variants of a question are one.
struct Coverage {
  std::string text;                // docs/conformance.md
  std::vector<std::string> wrong;  // requirements that nobody asks and that do not say why, or say
                                   // why and are asked after all
};

// `questions`: without variants, each with the id that it has there.
[[nodiscard]] Coverage coverage_of(const std::vector<Requirement>& requirements,
                                   const std::vector<Question>& questions);

}  // namespace conformance
