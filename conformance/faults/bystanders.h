#pragma once

#include <string>
#include <vector>

namespace faults {

// What runs on the node besides the instance and is none of the agent's business.
class Bystanders {
 public:
  // `pid_file`: of the instance.
  explicit Bystanders(const std::string& pid_file);

  // Those of which a process was ended, stopped or sent a signal since the last call. They are
  // started anew.
  [[nodiscard]] std::vector<std::string> hurt();

 private:
  struct Bystander {
    std::string what;
    std::vector<std::string> command;
    bool is_daemon = false;      // the command returns when it runs
    std::vector<int> pids = {};  // all of its processes
  };

  static void start(Bystander& bystander);

  std::vector<Bystander> all_;
};

}  // namespace faults
