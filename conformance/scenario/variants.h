#pragma once

#include "sim/yaml/tree.h"

#include <map>
#include <string>
#include <vector>

namespace conformance {

// One row of a table of variants, with its name: "5s/tcp".
struct Variant {
  std::string name;
  std::map<std::string, yaml::Tree> values;
};

// {timeout: [5s, 10s], proto: [udp, tcp]} gives every combination; [{timeout: 5s, within: 4s}, ...]
// gives the rows, named by their first value, or by `called` if a row has it. Throws yaml::Misread.
[[nodiscard]] std::vector<Variant> read_variants(const yaml::Tree& tree);

// The tree with "$timeout" replaced by the value of the variant, as a word or as part of one.
// Throws yaml::Misread if a value is unused.
[[nodiscard]] yaml::Tree substitute(const yaml::Tree& tree, const Variant& variant);

}  // namespace conformance
