#pragma once

#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace conformance {

// A requirement on an agent and its source: a sentence of OCF 1.1, a line of the manual page, a
// behaviour of Pacemaker, an issue from the field. The files are in fixtures/requirements/.
struct Requirement {
  enum class Level { must, should, may };

  std::string id;       // "ocf.stop.force"
  std::string source;   // "OCF RA API 1.1"
  std::string section;  // where in it
  Level level = Level::must;
  std::string says;      // a paraphrase
  std::string untested;  // why no check covers it; empty: one does
};

[[nodiscard]] tl::expected<std::vector<Requirement>, yaml::BadInput> read_requirements(
    const std::string& file, const std::string& text);

}  // namespace conformance
