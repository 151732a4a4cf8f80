#include "sim/fakes/fake.h"

#include "sim/stages/real_stage.h"
#include "sim/worlds/profile_reader.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr int bad_profile = 99;

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

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
    const auto text = text_of(path);
    if (!text) {
      std::cerr << "SIM_PROFILE=" << path << ": this file cannot be read\n";
      return std::nullopt;
    }
    return profile_from(path, *text);
  }
  const std::string beside = program + ".profile.yaml";
  const auto text = text_of(beside);
  return text ? profile_from(beside, *text) : Profile{};
}

}  // namespace

int play_fake(int argc, char** argv, const std::function<Life(const Profile&)>& actor) {
  RealStage stage(std::vector<std::string>(argv, argv + argc));
  const auto profile = profile_for(stage.arguments().front());
  return profile ? stage.play(actor(*profile)) : bad_profile;
}

}  // namespace sim
