#pragma once

#include <string>
#include <string_view>

namespace kamailio {

// What other programs print, without escape sequences and blanks around it. "" if there is no such
// line.
[[nodiscard]] std::string first_line(std::string_view text);
[[nodiscard]] std::string first_line_with(std::string_view part, std::string_view text);
[[nodiscard]] std::string first_error_line(std::string_view text);  // "error", in any case
[[nodiscard]] std::string last_line_starting(std::string_view start, std::string_view text);
[[nodiscard]] bool has_line_with(std::string_view part, std::string_view text);

// Kamailio's own words for a failure: the last three lines of its log that are marked ERROR,
// CRITICAL, ALERT, EMERG or BUG, without the process number before the mark, and without what its
// other processes say only because the first has ended ("receive_fd(): EOF").
[[nodiscard]] std::string complaints(std::string_view log);

// Whether a log blames something that can be over in a moment (a shortage of memory, descriptors,
// processes or space, a name that cannot be resolved just now, a disk that does not answer), so
// that the configuration may well be right. As Kamailio 5.6.3 and strerror(3) say it.
[[nodiscard]] bool blames_passing_condition(std::string_view log);

}  // namespace kamailio
