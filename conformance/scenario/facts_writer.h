#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/facts.h"

#include <string>
#include <vector>

namespace conformance {

// A value in one line of YAML.
[[nodiscard]] std::string in_yaml(const Ending& ending);
[[nodiscard]] std::string in_yaml(host::Duration duration);  // "1.5s"
[[nodiscard]] std::string in_yaml(const TimeRange& range);   // "[1s, 3s]", "instant"
[[nodiscard]] std::string in_yaml(const LeftProcesses& processes);
[[nodiscard]] std::string in_yaml(const LeftFile& file);
[[nodiscard]] std::string in_yaml(const host::Endpoint& endpoint);

// The observation as keys of a step, each on a line of its own. Facts that still hold are kept, and
// facts that were left out stay so, unless there were none at all. In new lines, PIDs and source
// positions become *.
[[nodiscard]] std::string facts_in_yaml(const Observation& seen, const Facts& before);

// The text of the file with all corrections applied.
[[nodiscard]] std::string corrected(const std::string& text, std::vector<Correction> corrections);

}  // namespace conformance
