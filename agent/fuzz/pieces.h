#pragma once

#include "agent/fuzz/invariant.h"
#include "agent/host/result.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz {

// All bytes at once.
inline std::vector<std::string_view> whole(std::string_view bytes) { return {bytes}; }

// Cuts bytes as a stream may deliver them: into pieces of 1 to 128 bytes, mostly short ones. The
// sizes depend only on the bytes, so that a failing input always fails in the same way.
inline std::vector<std::string_view> pieces_of(std::string_view bytes) {
  std::uint32_t state = 2166136261U;  // FNV-1a
  for (const char byte : bytes) {
    state = (state ^ static_cast<unsigned char>(byte)) * 16777619U;
  }
  std::vector<std::string_view> pieces;
  while (!bytes.empty()) {
    state = state * 1664525U + 1013904223U;
    const auto largest = 1U << (state >> 29U);
    const auto piece = bytes.substr(0, 1 + ((state >> 16U) & (largest - 1)));
    pieces.push_back(piece);
    bytes.remove_prefix(piece.size());
  }
  return pieces;
}

template <typename Item>
struct Given {
  std::vector<Item> items;
  std::optional<host::Error> error;  // the error that ended the stream
};

// Everything that a stream (MessageStream, BinrpcStream) returns while the pieces arrive.
template <typename Item, typename Stream>
Given<Item> read_all(Stream stream, const std::vector<std::string_view>& pieces) {
  Given<Item> given;
  for (const auto piece : pieces) {
    stream.append(piece);
    auto next = stream.next();
    for (; next && *next; next = stream.next()) {
      require(!given.error, "a stream that failed gives nothing more");
      given.items.push_back(**std::move(next));
    }
    require(!given.error || !next, "a stream that failed keeps failing");
    if (!next) {
      given.error = next.error();
    }
  }
  return given;
}

}  // namespace fuzz
