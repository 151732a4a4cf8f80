#pragma once

#include "conformance/cluster/cluster.h"

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace live {

// A process of another user, until the end of the scope.
class Stranger {
 public:
  // It prepares something, and then does something else without end. Returns when it is prepared.
  // Throws std::runtime_error if it cannot become the user, or the preparation throws.
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

// So many processes of nobody with the command line of the resource's server, until the node ends.
// With Setuid::yes they run a program of root's that takes root's rights. Returns when they run.
[[nodiscard]] std::vector<int> start_impostors(const cluster::Resource& resource, int count,
                                               Setuid setuid = Setuid::no);

// For a stranger: binds this UDP port beside a server (SO_REUSEADDR), for good.
void share_udp_port(int port, const std::string& address = "127.0.0.1");

// For a stranger: sends a SIP response to each UDP port of this network namespace but for one.
void spray_responses(int spared_port);

}  // namespace live
