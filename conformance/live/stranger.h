#pragma once

#include "conformance/cluster/cluster.h"

#include <sys/types.h>

#include <vector>

namespace live {

// Processes of nobody. They end with the node.

enum class Setuid { no, yes };

// So many that have the command line of the resource's server. With Setuid::yes they run a program
// of root's that takes root's rights. Returns when they run.
[[nodiscard]] std::vector<int> start_impostors(const cluster::Resource& resource, int count,
                                               Setuid setuid = Setuid::no);

// Has a socket at this UDP port of 127.0.0.1 beside the server's (SO_REUSEADDR), and is silent.
[[nodiscard]] int start_udp_rival(int port);

// Sends SIP responses to all UDP ports of 127.0.0.1 that are open, but for one, until the end of
// the scope.
class Sprayer {
 public:
  explicit Sprayer(int spared_port);
  Sprayer(const Sprayer&) = delete;
  Sprayer& operator=(const Sprayer&) = delete;
  ~Sprayer();

 private:
  pid_t pid_;
};

}  // namespace live
