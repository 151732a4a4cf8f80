#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// A listen address, as after -l or listen=: [PROTOCOL:]HOST[:PORT], with IPv6 in brackets.
struct KamailioListener {
  std::string protocol = {};  // udp, tcp, tls or sctp; empty: udp and tcp
  std::string host = {};
  int port = 5060;

  // Nothing if the port is not a number.
  [[nodiscard]] static std::optional<KamailioListener> parse(std::string_view text,
                                                             int usual_port = 5060);
};

// The part of Kamailio's command line that matters to an agent.
struct KamailioArguments {
  std::string config = "/etc/kamailio/kamailio.cfg";
  std::string pid_file = {};
  std::vector<std::string> listeners = {};
  std::vector<std::string> defines = {};  // NAME or NAME=VALUE
  std::string user = {};
  std::string group = {};
  std::string shared_memory = {};   // MB
  std::string private_memory = {};  // MB, of each process
  bool has_tcp = true;
  bool only_checks = false;
  enum class Tells { nothing, version, help } tells = Tells::nothing;
  bool logs_to_stderr = false;
  int d_options = 0;         // -D: 1 and 2 stay in the foreground
  std::string refusal = {};  // why it is invalid; empty: it is valid
  bool is_refused_silently = false;

  // The owner of the server's files. Group 0 means that no group is set, and the files keep theirs.
  [[nodiscard]] std::optional<std::string> group_of_files() const {
    const bool keeps = group == "root" || group == "0";
    return keeps ? std::nullopt : std::optional(group);
  }
};

[[nodiscard]] KamailioArguments parse_kamailio_arguments(const std::vector<std::string>& arguments);

}  // namespace sim
