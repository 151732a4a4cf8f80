#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace conformance {

// An outcome on its way from a node to who has asked; without the question, which that knows.
[[nodiscard]] std::string json_of(const Outcome& outcome);

// Throws std::runtime_error if it is none.
[[nodiscard]] Outcome outcome_from(const std::string& text);

}  // namespace conformance
