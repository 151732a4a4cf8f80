#pragma once

#include "sim/actors/profile.h"
#include "sim/yaml/table.h"

#include <tl/expected.hpp>

#include <functional>
#include <string>
#include <vector>

namespace sim {

// The names under which a file sets how actors behave:
//
//   kamailio: {on_sigterm: ignore}
//   sipsak: {ill: hangs}

// One of them, for those who look for what there is.
struct ProfileOption {
  std::string actor;
  std::string name;
  std::string allowed;
  std::string meaning;
  std::string usual = {};  // without a word; empty: nothing
};
[[nodiscard]] std::vector<ProfileOption> profile_options();

// What changes in a profile.
using ProfileChange = std::function<void(Profile&)>;

// Reads the table of one actor; what it does not name stays as it is. Throws Misread.
[[nodiscard]] ProfileChange read_options(const std::string& actor, const yaml::Tree& tree);

// Reads a file of such tables, as the fake executables are given one.
[[nodiscard]] tl::expected<Profile, yaml::BadInput> read_profile_file(const std::string& file,
                                                                      const std::string& text);

// "5s", "1.5s", "200ms". Throws Misread.
[[nodiscard]] host::Duration read_duration(const yaml::Tree& tree, const std::string& what);

}  // namespace sim
