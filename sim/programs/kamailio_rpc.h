#pragma once

#include "agent/host/result.h"
#include "agent/rpc/value.h"
#include "sim/programs/kamailio_server.h"

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// The server side of Kamailio's RPC.
struct KamailioRpc {
  std::vector<KamailioProcess> processes;
  std::time_t up_since = 0;
  std::time_t now = 0;
  int free_memory_percent = 0;

  // Or the error, "500 Method Not Found".
  [[nodiscard]] host::Result<rpc::Value> call(std::string_view method,
                                              std::string_view parameter) const;
};

// A request and the destination of its reply.
struct JsonRpcReply {
  std::string text;
  std::string reply_name;  // jsonrpcs, FIFO: the name of the FIFO in /tmp
};

// Nothing if the text is not JSON-RPC: Kamailio does not reply to that.
[[nodiscard]] std::optional<JsonRpcReply> answer_json_rpc(const KamailioRpc& rpc,
                                                          std::string_view request);

// Removes the first complete request from `bytes`. Nothing if there is none yet.
[[nodiscard]] std::optional<std::string> answer_binrpc(const KamailioRpc& rpc, std::string& bytes);

// "Mon Nov 23 10:00:00 2026", in UTC.
[[nodiscard]] std::string time_text(std::time_t moment);

}  // namespace sim
