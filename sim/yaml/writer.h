#pragma once

#include "sim/yaml/tree.h"

#include <string>

namespace yaml {

// A document that is read as this tree again.
[[nodiscard]] std::string document_of(const Tree& tree);

}  // namespace yaml
