#pragma once

#include "agent/base/utf8.h"
#include "agent/fuzz/invariant.h"
#include "agent/ocf/log_settings.h"

#include <cstddef>
#include <string_view>

namespace fuzz {

// The invariants of a log line made of any bytes.
inline void check_line(std::string_view bytes) {
  constexpr std::size_t longest = 1000;
  const auto whole = ocf::one_line(bytes);
  require(whole.size() <= longest, "a line has at most 1000 bytes");
  require(ocf::one_line(whole) == whole, "one line stays as it is");
  for (std::string_view line = whole; !line.empty();) {
    const auto character = base::first_character(line);
    require(character.has_value(), "a line is UTF-8");
    require(character->code >= 0x20 && (character->code < 0x7F || character->code >= 0xA0),
            "a line has no control characters");
    line.remove_prefix(character->size);
  }
}

}  // namespace fuzz
