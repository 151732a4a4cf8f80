#pragma once

#include "sim/calibration/situation.h"

#include <string>
#include <vector>

namespace calibration {

struct Difference {
  std::string field;  // as it stands in the file: exit, out, leaves.files, ...
  std::string recorded;
  std::string seen;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// In words that a person can compare.
[[nodiscard]] std::vector<Difference> compare(const Facts& recorded, const Observation& seen);

}  // namespace calibration
