#pragma once

#include "sim/actors/profile.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// What the actor understands of a configuration of Kamailio: a small part of the language, enough
// for the files that agents are tested with.
struct KamailioConfig {
  int children = 8;
  std::optional<int> tcp_children = {};  // nothing: as many as children
  bool logs_to_stderr = false;
  std::vector<std::string> listeners = {};  // as after -l
  std::string rpc_fifo = {};                // jsonrpcs, fifo_name
  std::string rpc_datagrams = {};           // jsonrpcs, dgram_socket
  std::string rpc_stream = {};              // ctl, binrpc, without "unixs:"
  SipBehaviour options = {.replies = {}};   // to OPTIONS; nothing in it: silence

  struct Complaint {
    int line = 0;
    int column = 0;
    std::string text;
  };
  std::vector<Complaint> complaints = {};
};

[[nodiscard]] KamailioConfig parse_kamailio_config(std::string_view text);

}  // namespace sim
