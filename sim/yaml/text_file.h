#pragma once

#include <tl/expected.hpp>

#include <string>
#include <system_error>

namespace yaml {

// The whole file, or why it cannot be read.
[[nodiscard]] tl::expected<std::string, std::error_code> read_text_file(const std::string& path);

}  // namespace yaml
