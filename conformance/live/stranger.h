#pragma once

#include "conformance/cluster/cluster.h"

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace live {

// A process of another user, which ends with the scope.
class Stranger {
 public:
  // Runs `prepare`, and then `act` without end. Returns after `prepare`. Throws std::runtime_error
  // if the process cannot become the user, or if `prepare` throws.
  explicit Stranger(
      const std::string& user, const std::function<void()>& prepare = [] {},
      const std::function<void()>& go_on = [] {});
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  ~Stranger() { end(); }

  [[nodiscard]] pid_t pid() const { return pid_; }
  void end();

 private:
  pid_t pid_;
};

enum class Setuid { no, yes };

// Starts this many processes of nobody with the command line of the resource's server, until the
// node ends. With Setuid::yes they run a setuid-root program. Returns when they run.
[[nodiscard]] std::vector<int> start_impostors(const cluster::Resource& resource, int count,
                                               Setuid setuid = Setuid::no);

// For a stranger: binds this UDP port beside a server (SO_REUSEADDR), permanently.
void share_udp_port(int port, const std::string& address = "127.0.0.1");

// For a stranger: sends a SIP response to each UDP port of this network namespace except one.
void spray_responses(int spared_port);

}  // namespace live
