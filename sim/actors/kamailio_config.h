#pragma once

#include "sim/actors/kamailio_config_reader.h"
#include "sim/actors/kamailio_config_tokens.h"
#include "sim/actors/kamailio_route.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// What the actor understands of a configuration of Kamailio: where it listens, how it can be asked,
// and what its routes do with a request (docs/simulator.md).
struct KamailioConfig {
  int children = 8;
  std::optional<int> tcp_children = {};  // nothing: as many as children
  bool logs_to_stderr = false;
  bool has_tcp = true;
  bool forks = true;
  std::chrono::seconds exit_timeout{60};
  int port = 5060;                          // where none is given
  std::vector<std::string> listeners = {};  // as after -l
  std::vector<std::string> aliases = {};    // [PROTOCOL:]HOST[:PORT]
  std::string rpc_fifo = {};                // jsonrpcs, fifo_name
  std::string rpc_datagrams = {};           // jsonrpcs, dgram_socket
  std::string rpc_stream = {};              // ctl, binrpc, without "unixs:"
  KamailioRoutes routes = {};

  std::vector<ConfigComplaint> complaints = {};
  bool is_understood = true;         // to its end: nothing in it is a syntax error
  std::string missing_include = {};  // what was logged about it; nothing more was read
  int open_conditions = 0;           // more of #!ifdef than of #!endif
};

[[nodiscard]] KamailioConfig parse_kamailio_config(const ConfigSource& source);

}  // namespace sim
