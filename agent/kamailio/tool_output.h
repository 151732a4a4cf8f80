#pragma once

#include <string>
#include <string_view>

namespace kamailio {

// Lines of the output of other programs, without escape sequences and surrounding blanks. "" if
// there is no such line.
[[nodiscard]] std::string first_line(std::string_view text);
[[nodiscard]] std::string first_line_with(std::string_view part, std::string_view text);
[[nodiscard]] std::string first_error_line(std::string_view text);  // "error", in any case
[[nodiscard]] std::string last_line_starting(std::string_view start, std::string_view text);
[[nodiscard]] bool has_line_with(std::string_view part, std::string_view text);

}  // namespace kamailio
