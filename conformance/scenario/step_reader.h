#pragma once

#include "conformance/scenario/scenario.h"

namespace conformance {

// Reads a step with the expectations of a call or the facts of a program. Throws yaml::Misread.
[[nodiscard]] Step read_step(const yaml::Tree& tree, const sim::Instances& instances);

// Whether the step can have facts.
[[nodiscard]] bool has_facts(const sim::Step& step);

// Sets Step::fact_lines of the last step of a scenario that ends before the line `end`.
void find_fact_lines(const yaml::Tree& tree, int end, Step& step);

}  // namespace conformance
