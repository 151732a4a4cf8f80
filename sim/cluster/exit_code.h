#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cluster {

// OCF 1.1, "Exit Status Codes".
namespace code {
inline constexpr int success = 0;
inline constexpr int generic_error = 1;
inline constexpr int invalid_arguments = 2;
inline constexpr int unimplemented = 3;
inline constexpr int not_permitted = 4;
inline constexpr int not_installed = 5;
inline constexpr int not_configured = 6;
inline constexpr int not_running = 7;
inline constexpr int running_promoted = 8;
inline constexpr int failed_promoted = 9;
inline constexpr int degraded = 190;
inline constexpr int degraded_promoted = 191;
}  // namespace code

// All of them, by the names that Pacemaker gives them: "success", "not_running" ...
[[nodiscard]] const std::vector<std::pair<std::string, int>>& exit_codes();

// "success", "not running"; "an unknown code" if OCF has none.
[[nodiscard]] std::string exit_code_name(int number);

}  // namespace cluster
