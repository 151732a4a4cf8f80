#pragma once

#include "agent/host/result.h"
#include "agent/rpc/value.h"

#include <cstdint>
#include <string>

namespace rpc {

// Names one call that a client makes, so that its reply is known: the id of JSON-RPC, the cookie of
// binrpc. Below 2^31, which Kamailio's JSON writer keeps as it is.
using CallId = std::uint32_t;

// What to call.
struct Call {
  std::string method;
  std::string parameter = {};  // empty: none

  friend bool operator==(const Call&, const Call&) = default;
};

struct Reply {
  CallId call = 0;
  host::Result<Value> value;  // or what the server says against the call: "500 Method Not Found"
};

}  // namespace rpc
