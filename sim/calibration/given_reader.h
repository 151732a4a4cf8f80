#pragma once

#include "sim/calibration/reader.h"
#include "sim/calibration/situation.h"
#include "sim/yaml/tree.h"

namespace calibration {

// Parts of a situation; they throw yaml::Misread.

[[nodiscard]] Given read_given(const yaml::Tree& tree, const Configurations& configurations);
[[nodiscard]] Endpoint read_endpoint(const yaml::Tree& tree);
[[nodiscard]] int read_signal(const yaml::Tree& tree);
[[nodiscard]] Receiver read_receiver(const yaml::Tree& tree);
[[nodiscard]] Duration read_seconds(const yaml::Tree& tree, const char* what);

}  // namespace calibration
