#pragma once

#include "sim/yaml/tree.h"

#include <string>

namespace yaml {

// A YAML document from which read_tree makes this tree again.
[[nodiscard]] std::string document_of(const Tree& tree);

}  // namespace yaml
