#pragma once

#include "conformance/contract/check.h"
#include "conformance/contract/subject.h"
#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace contract {

// All, topic by topic.
[[nodiscard]] const std::vector<Check>& all_checks();

// Plays it once. It wants a process and surroundings of its own: it leaves behind what the agent
// does, and its time passes as the subject's cluster has it. A check that rests on nothing stronger
// than SHOULD warns.
[[nodiscard]] conformance::Outcome run_check(const Check& check, const Subject& subject);

// "contract.stop.twice" -> "Stop"
[[nodiscard]] std::string topic_of(const Check& check);

}  // namespace contract
