#pragma once

#include "sim/yaml/tree.h"

#include <map>
#include <string>
#include <vector>

namespace conformance {

// One row of a table of variants, and how it is called: "5s/tcp".
struct Variant {
  std::string name;
  std::map<std::string, yaml::Tree> values;
};

// From {timeout: [5s, 10s], proto: [udp, tcp]} every combination; from [{timeout: 5s, within: 4s},
// ...] the rows as they are, called by their first value, or by `called` if a row has that. Throws
// yaml::Misread.
[[nodiscard]] std::vector<Variant> read_variants(const yaml::Tree& tree);

// The tree with "$timeout" replaced by the value of the variant, wherever it stands as a word or in
// one. Throws yaml::Misread if a value is used nowhere.
[[nodiscard]] yaml::Tree substitute(const yaml::Tree& tree, const Variant& variant);

}  // namespace conformance
