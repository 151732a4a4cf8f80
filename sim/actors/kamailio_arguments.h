#pragma once

#include "agent/host/network.h"

#include <string>
#include <vector>

namespace sim {

// Kamailio's command line, as far as it matters to an agent.
struct KamailioArguments {
  std::string config = "/etc/kamailio/kamailio.cfg";
  std::string pid_file = {};
  std::vector<host::Endpoint> listeners = {};
  std::vector<std::string> listener_texts = {};  // as Kamailio prints them
  std::string user = {};
  std::string group = {};
  bool has_tcp = true;
  bool only_checks = false;
  bool only_tells_version = false;
  bool logs_to_stderr = false;
  int d_options = 0;         // -D: 2 and more stay in the foreground
  std::string refusal = {};  // why it cannot be understood; empty: it can
};

[[nodiscard]] KamailioArguments parse_kamailio_arguments(const std::vector<std::string>& arguments);

}  // namespace sim
