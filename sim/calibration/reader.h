#pragma once

#include "sim/calibration/situation.h"
#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calibration {

// The text of the configuration that a situation calls by this name; nothing if there is none.
using Configurations = std::function<std::optional<std::string>(const std::string& name)>;

// Reads a file of recordings. Its language is told in fixtures/recordings/README.md.
[[nodiscard]] tl::expected<std::vector<Situation>, yaml::BadInput> read_situations(
    const std::string& file, const std::string& text, const Configurations& configurations);

// Reads what write_observation() wrote.
[[nodiscard]] tl::expected<Observation, yaml::BadInput> read_observation(const std::string& text);

}  // namespace calibration
