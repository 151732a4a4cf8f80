#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yaml {

// Which of the words was meant by one with a slip of the keyboard; nothing if none is near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& words);

}  // namespace yaml
