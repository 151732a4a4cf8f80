#include "sim/fakes/fake.h"

#include "sim/stages/real_stage.h"
#include "sim/worlds/profile_reader.h"
#include "sim/yaml/text_file.h"

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr int bad_profile = 99;

// Says on standard error what is wrong with the file.
std::optional<Profile> profile_from(const std::string& path, const std::string& text) {
  auto profile = read_profile_file(path, text);
  if (!profile) {
    std::cerr << profile.error().message() << '\n';
    return std::nullopt;
  }
  return *std::move(profile);
}

std::optional<Profile> profile_for(const std::string& program) {
  if (const char* const path = std::getenv("SIM_PROFILE"); path != nullptr) {
    const auto text = yaml::read_text_file(path);
    if (!text) {
      std::cerr << "SIM_PROFILE=" << path << ": this file cannot be read\n";
      return std::nullopt;
    }
    return profile_from(path, *text);
  }
  const std::string beside = program + ".profile.yaml";
  const auto text = yaml::read_text_file(beside);
  return text ? profile_from(beside, *text) : Profile{};
}

}  // namespace

int play_fake(int argc, char** argv, const std::function<Life(const Profile&)>& actor) {
  RealStage stage(std::vector<std::string>(argv, argv + argc));
  const auto profile = profile_for(stage.arguments().front());
  return profile ? stage.play(actor(*profile)) : bad_profile;
}

}  // namespace sim
