#pragma once

#include "agent/posix/descriptor.h"
#include "agent/posix/spawn.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace node {

// A program that runs on this node, with / as its directory, no input, and a process group of its
// own.
class Program {
 public:
  struct End {
    std::optional<int> status;  // of waitpid(2); nothing: it did not end by itself
    std::chrono::nanoseconds took{};
  };

  Program();

  // Waits for the end of the program. After `lasts` it gets SIGTERM, and SIGKILL 2 s later. Throws
  // std::runtime_error if the user is unknown.
  [[nodiscard]] End run(std::vector<std::string> arguments, const posix::Environment& environment,
                        const std::string& user, std::chrono::nanoseconds lasts) const;

  // The output of the program and its descendants, also after its end.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

 private:
  // Files instead of pipes, since a daemon may keep them open.
  posix::Descriptor out_;
  posix::Descriptor err_;
};

}  // namespace node
