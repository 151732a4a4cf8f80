#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cluster {

// OCF 1.1, "Exit Status Codes", by the names that Pacemaker gives them: "success", "not_running"
// ...
[[nodiscard]] const std::vector<std::pair<std::string, int>>& exit_codes();

// "success", "not running"; "an unknown code" if OCF has none.
[[nodiscard]] std::string exit_code_name(int code);

}  // namespace cluster
