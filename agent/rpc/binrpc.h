#pragma once

#include "agent/host/result.h"
#include "agent/rpc/value.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rpc {

// Encodes a call in binrpc, version 1, as Kamailio's module ctl implements it (modules/ctl/binrpc.h
// in its sources). A packet is a header of two bytes (magic and version; type and the sizes of the
// two numbers that follow), the length of the body, the cookie, and the body: records of a byte for
// size and type, perhaps a longer size, and the value.

[[nodiscard]] std::string binrpc_request(const Call& call, CallId id);

// Cuts the bytes of a stream into replies.
class BinrpcStream {
 public:
  void append(std::string_view bytes);

  // The next reply, or nothing until more bytes come. With `only`, replies to other calls are
  // skipped without parsing, so that many of them cost little. A reply with several values is a
  // List of them. Integers are unsigned, since the format does not send their sign. Error: the
  // bytes are not binrpc, or a reply exceeds the limits of value.h; then nothing more can be read.
  [[nodiscard]] host::Result<std::optional<Reply>> next(std::optional<CallId> only = std::nullopt);

 private:
  std::string bytes_;
  std::size_t begin_ = 0;  // of the bytes that next() has not returned yet
};

}  // namespace rpc
