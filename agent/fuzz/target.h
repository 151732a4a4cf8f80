#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// libFuzzer and replay_main.cpp call this once for each input. Each *_fuzz.cpp defines it. It
// returns 0, or does not return because an invariant is violated.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

// The same bytes as characters.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace fuzz
