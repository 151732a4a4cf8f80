#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// The parts of a configuration that a simulated server needs: listeners, RPC sockets, user and
// group.
struct KamailioConfig {
  int children = 8;
  std::optional<int> tcp_children = {};  // nothing: as many as children
  bool logs_to_stderr = false;
  bool has_tcp = true;
  bool has_tls = false;
  bool forks = true;
  std::chrono::seconds exit_timeout{60};
  std::string user = {};
  std::string group = {};
  int port = 5060;                          // where none is given
  std::vector<std::string> listeners = {};  // as after -l
  std::string rpc_fifo = {};                // jsonrpcs, fifo_name
  std::string rpc_datagrams = {};           // jsonrpcs, dgram_socket
  std::string rpc_stream = {};              // ctl, binrpc, without "unixs:"
};

struct ConfigSource {
  std::string path;
  std::string text;
  std::vector<std::string> defines = {};  // as after -A: NAME or NAME=VALUE
  // The text of an included file; nothing if it does not exist.
  std::function<std::optional<std::string>(const std::string& path)> read = {};
};

// Follows the preprocessor's directives, includes, and assignments outside of all blocks. It
// rejects nothing and skips what it does not know, because only Kamailio itself can tell whether a
// file is valid. Routes are not parsed; the profile states the server's replies.
[[nodiscard]] KamailioConfig read_kamailio_config(const ConfigSource& source);

}  // namespace sim
