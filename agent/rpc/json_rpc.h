#pragma once

#include "agent/host/result.h"
#include "agent/rpc/value.h"

#include <string>
#include <string_view>

namespace rpc {

// Encodes a call in JSON-RPC 2.0, as Kamailio's module jsonrpcs implements it: a document is one
// datagram.

[[nodiscard]] std::string json_request(const Call& call, CallId id);

// Error: the document is not a JSON-RPC reply, or exceeds the limits of value.h.
[[nodiscard]] host::Result<Reply> read_json_reply(std::string_view document);

}  // namespace rpc
