#pragma once

#include "agent/host/result.h"
#include "agent/rpc/value.h"

#include <string>
#include <string_view>

namespace rpc {

// JSON-RPC 2.0 as Kamailio's module jsonrpcs speaks it: a document is one datagram.

[[nodiscard]] std::string json_request(const Call& call, CallId id);

// Error: it is no reply of JSON-RPC, or longer, deeper or of more values than is read (value.h).
[[nodiscard]] host::Result<Reply> read_json_reply(std::string_view document);

}  // namespace rpc
