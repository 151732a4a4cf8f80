#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What libFuzzer and replay_main.cpp call, once for each input. Each *_fuzz.cpp defines it; it
// returns 0, or does not return because an invariant is violated.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

// The same bytes as characters.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace fuzz
