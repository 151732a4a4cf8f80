#include "sim/cluster/exit_code.h"

#include <algorithm>

namespace cluster {

const std::vector<std::pair<std::string, int>>& exit_codes() {
  static const std::vector<std::pair<std::string, int>> codes = {
      {"success", code::success},
      {"generic_error", code::generic_error},
      {"invalid_arguments", code::invalid_arguments},
      {"unimplemented", code::unimplemented},
      {"not_permitted", code::not_permitted},
      {"not_installed", code::not_installed},
      {"not_configured", code::not_configured},
      {"not_running", code::not_running},
      {"running_promoted", code::running_promoted},
      {"failed_promoted", code::failed_promoted},
      {"degraded", code::degraded},
      {"degraded_promoted", code::degraded_promoted},
  };
  return codes;
}

std::string exit_code_name(int number) {
  const auto found = std::ranges::find(exit_codes(), number, &std::pair<std::string, int>::second);
  if (found == exit_codes().end()) {
    return "an unknown code";
  }
  std::string name = found->first;
  std::ranges::replace(name, '_', ' ');
  return name;
}

}  // namespace cluster
