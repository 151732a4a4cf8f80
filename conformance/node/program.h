#pragma once

#include "agent/posix/descriptor.h"
#include "agent/posix/spawn.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace node {

// A program that is run on the node on which this runs, with / as its directory, no input, and a
// process group of its own.
class Program {
 public:
  struct End {
    std::optional<int> status;  // as waitpid(2) has it; nothing: it did not end by itself
    std::chrono::nanoseconds took{};
  };

  Program();

  // Waits for its end. What has not ended after `lasts` gets SIGTERM, and SIGKILL 2 s later. Throws
  // std::runtime_error if there is no such user.
  [[nodiscard]] End run(std::vector<std::string> arguments, const posix::Environment& environment,
                        const std::string& user, std::chrono::nanoseconds lasts) const;

  // What it and its descendants have printed, also after its end.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

 private:
  // Files and not pipes, since a daemon may keep them open.
  posix::Descriptor out_;
  posix::Descriptor err_;
};

}  // namespace node
