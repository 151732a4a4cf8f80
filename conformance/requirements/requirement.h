#pragma once

#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace conformance {

// What an agent has to do, and who says so: a sentence of OCF 1.1, a line of the manual page, what
// Pacemaker does, an issue from the field. The files are in fixtures/requirements/.
struct Requirement {
  enum class Level { must, should, may };

  std::string id;       // "ocf.stop.force"
  std::string source;   // "OCF RA API 1.1"
  std::string section;  // where in it
  Level level = Level::must;
  std::string says;      // in our words
  std::string untested;  // why nothing asks it; empty: something does
};

[[nodiscard]] tl::expected<std::vector<Requirement>, yaml::BadInput> read_requirements(
    const std::string& file, const std::string& text);

}  // namespace conformance
