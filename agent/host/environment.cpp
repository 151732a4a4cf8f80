#include "agent/host/environment.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace host {
namespace {

template <typename Prefixes>
bool starts_with_any(std::string_view name, const Prefixes& prefixes) {
  return std::ranges::any_of(prefixes,
                             [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

Environment helper_environment(const Environment& ours) {
  constexpr std::array<std::string_view, 4> names = {"HOME", "TZ", "LD_PRELOAD", "LD_LIBRARY_PATH"};
  constexpr std::array<std::string_view, 1> prefixes = {"FAKETIME"};
  Environment environment = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"LC_ALL", "C"},
      {"TERM", "dumb"},
  };
  for (const auto& [name, value] : ours) {
    if (std::ranges::find(names, name) != names.end() || starts_with_any(name, prefixes)) {
      environment.emplace(name, value);
    }
  }
  return environment;
}

Environment daemon_environment(const Environment& ours) {
  constexpr std::array<std::string_view, 4> prefixes = {"OCF_", "__OCF_", "HA_", "PCMK_"};
  Environment environment;
  for (const auto& [name, value] : ours) {
    if (!starts_with_any(name, prefixes)) {
      environment.emplace(name, value);
    }
  }
  return environment;
}

}  // namespace host
