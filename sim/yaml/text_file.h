#pragma once

#include <optional>
#include <string>

namespace yaml {

// The whole file; nothing if it cannot be read.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path);

}  // namespace yaml
