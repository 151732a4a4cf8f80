#include "sim/fakes/fake.h"

#include "sim/stages/real_stage.h"
#include "sim/worlds/profile_reader.h"
#include "sim/yaml/text_file.h"
#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr int bad_profile = 99;

// The value in a table of the profile; nullptr if it does not stand there.
const yaml::Tree* find_value(const yaml::Tree& tree, const std::string& key) {
  const auto found = std::ranges::find(tree.entries, key, &yaml::Entry::key);
  return found == tree.entries.end() ? nullptr : &found->value;
}

// Only the simulated machine has a kernel in which a process can be made to hang.
yaml::BadInput too_much(const std::string& path, const std::string& text) {
  yaml::BadInput refusal{.file = path,
                         .place = {.line = 1, .column = 1},
                         .text = "hangs_in_kernel works only in the simulated machine"};
  if (const auto tree = yaml::read_tree(path, text)) {
    const auto* const kamailio = find_value(*tree, "kamailio");
    const auto* const value =
        kamailio == nullptr ? nullptr : find_value(*kamailio, "hangs_in_kernel");
    refusal.place = value == nullptr ? refusal.place : value->place;
  }
  return refusal;
}

tl::expected<Profile, yaml::BadInput> profile_from(const std::string& path,
                                                   const std::string& text) {
  auto profile = read_profile_file(path, text);
  if (profile && profile->kamailio.in_kernel != KamailioProfile::InKernel::no) {
    return tl::unexpected(too_much(path, text));
  }
  return profile;
}

// Says on standard error what is wrong with the file.
std::optional<Profile> profile_for(const std::string& program) {
  const char* const named = std::getenv("SIM_PROFILE");
  const std::string path = named != nullptr ? named : program + ".profile.yaml";
  const auto text = yaml::read_text_file(path);
  if (!text) {
    if (named == nullptr && text.error() == std::errc::no_such_file_or_directory) {
      return Profile{};
    }
    std::cerr << (named != nullptr ? "SIM_PROFILE=" : "") << path << ": " << text.error().message()
              << '\n';
    return std::nullopt;
  }
  auto profile = profile_from(path, *text);
  if (!profile) {
    std::cerr << profile.error().message() << '\n';
    return std::nullopt;
  }
  return *std::move(profile);
}

}  // namespace

int play_fake(int argc, char** argv, const std::function<Life(const Profile&)>& actor) {
  RealStage stage(std::vector<std::string>(argv, argv + argc));
  const auto profile = profile_for(stage.arguments().front());
  return profile ? stage.play(actor(*profile)) : bad_profile;
}

}  // namespace sim
