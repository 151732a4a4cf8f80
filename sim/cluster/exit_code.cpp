#include "sim/cluster/exit_code.h"

#include <algorithm>

namespace cluster {

const std::vector<std::pair<std::string, int>>& exit_codes() {
  static const std::vector<std::pair<std::string, int>> codes = {
      {"success", 0},         {"generic_error", 1}, {"invalid_arguments", 2},
      {"unimplemented", 3},   {"not_permitted", 4}, {"not_installed", 5},
      {"not_configured", 6},  {"not_running", 7},   {"running_promoted", 8},
      {"failed_promoted", 9}, {"degraded", 190},    {"degraded_promoted", 191},
  };
  return codes;
}

std::string exit_code_name(int code) {
  const auto found = std::ranges::find(exit_codes(), code, &std::pair<std::string, int>::second);
  if (found == exit_codes().end()) {
    return "an unknown code";
  }
  std::string name = found->first;
  std::ranges::replace(name, '_', ' ');
  return name;
}

}  // namespace cluster
