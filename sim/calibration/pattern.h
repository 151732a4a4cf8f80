#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calibration {

// In a pattern, * stands for any text, also for none, and \* and \\ for these characters. All else
// stands for itself.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

// The pattern that matches this text alone.
[[nodiscard]] std::string literally(std::string_view text);

// Each pattern matches a line behind that of the one before. The index of the first that does not.
[[nodiscard]] std::optional<std::size_t> first_without_line(
    const std::vector<std::string>& patterns, const std::vector<std::string>& lines);

}  // namespace calibration
