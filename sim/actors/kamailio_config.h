#pragma once

#include "sim/actors/profile.h"

#include <chrono>
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
  std::chrono::seconds exit_timeout{60};
  std::vector<std::string> listeners = {};  // as after -l
  std::string rpc_fifo = {};                // jsonrpcs, fifo_name
  std::string rpc_datagrams = {};           // jsonrpcs, dgram_socket
  std::string rpc_stream = {};              // ctl, binrpc, without "unixs:"
  SipBehaviour options = {.replies = {}};   // to OPTIONS; nothing in it: silence

  struct Complaint {
    std::string place;       // "line 3, column 14-20"
    std::string text;        // "syntax error"
    std::string cause = {};  // what was logged before it: "[FILE:LINE]: FUNCTION(): TEXT"
  };
  std::vector<Complaint> complaints = {};
  bool is_understood = true;  // to its end: nothing in it is a syntax error
};

[[nodiscard]] KamailioConfig parse_kamailio_config(std::string_view text);

}  // namespace sim
