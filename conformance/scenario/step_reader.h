#pragma once

#include "conformance/scenario/scenario.h"

namespace conformance {

// A step, what a call of the agent has to come to, and the facts of a program. Throws
// yaml::Misread.
[[nodiscard]] Step read_step(const yaml::Tree& tree, const sim::Instances& instances);

// Whether something can be seen of such a step besides calls of the agent.
[[nodiscard]] bool has_facts(const sim::Step& step);

// Sets Step::fact_lines of the last step of a scenario that ends before the line `end`.
void find_fact_lines(const yaml::Tree& tree, int end, Step& step);

}  // namespace conformance
