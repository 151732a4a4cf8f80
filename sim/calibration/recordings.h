#pragma once

#include "sim/calibration/situation.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace calibration {

struct Recordings {
  std::string file;
  std::string name;  // of the file, without .yaml
  std::string text;
  std::vector<Situation> situations;
};

// All of a file. The error says that it cannot be read.
[[nodiscard]] tl::expected<std::string, std::string> load_text(const std::string& file);

// A file of recordings, with the configurations in config/ beside it. The error is what is wrong
// with it.
[[nodiscard]] tl::expected<Recordings, std::string> load_recordings(const std::string& file);

}  // namespace calibration
