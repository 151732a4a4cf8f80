#pragma once

#include "sim/calibration/situation.h"

#include <string>
#include <utility>
#include <vector>

namespace calibration {

// One thing, in one line of YAML.
[[nodiscard]] std::string in_yaml(const Ending& ending);
[[nodiscard]] std::string in_yaml(const Processes& processes);
[[nodiscard]] std::string in_yaml(const LeftFile& file);
[[nodiscard]] std::string in_yaml(const Endpoint& endpoint);

// What read_observation() reads.
[[nodiscard]] std::string write_observation(const Observation& observation);

// What was seen, as facts: of what was recorded before, that which still holds is kept as it was;
// of lines, pids and places in sources become *.
[[nodiscard]] Facts as_facts(const Observation& seen, const Facts* before);

// The text of a file with the facts of these of its situations replaced.
[[nodiscard]] std::string with_facts(const std::string& text,
                                     const std::vector<std::pair<Lines, Facts>>& changes);

}  // namespace calibration
