#pragma once

#include "sim/actors/profile.h"
#include "sim/yaml/table.h"

#include <tl/expected.hpp>

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
};
[[nodiscard]] std::vector<ProfileOption> profile_options();

// Reads the table of one actor; the others are as they are without a word. Throws Misread.
[[nodiscard]] Profile read_options(const std::string& actor, const yaml::Tree& tree);

// Reads a file of such tables, as the fake executables are given one.
[[nodiscard]] tl::expected<Profile, yaml::BadInput> read_profile_file(const std::string& file,
                                                                      const std::string& text);

// "5s", "1.5s", "200ms", "never". Throws Misread.
[[nodiscard]] host::Duration read_duration(const yaml::Tree& tree, const std::string& what);

}  // namespace sim
