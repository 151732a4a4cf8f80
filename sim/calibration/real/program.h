#pragma once

#include "agent/host/result.h"
#include "agent/posix/environment.h"
#include "sim/calibration/situation.h"

#include <string>
#include <vector>

namespace calibration {

struct Launch {
  std::vector<std::string> arguments;  // the first one is a path
  posix::Environment environment;
  std::string user = "root";
  Duration lasts{0};  // then it gets SIGTERM, and SIGKILL if that does not help
};

struct Ended {
  Ending ending;
  Duration took{0};
};

// A program that runs to its end, and what it and its descendants print, also after that.
class Program {
 public:
  Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  [[nodiscard]] host::Result<Ended> run(const Launch& launch) const;

  // Lines, without blanks at their ends.
  [[nodiscard]] std::vector<std::string> out() const;
  [[nodiscard]] std::vector<std::string> err() const;

 private:
  int out_;
  int err_;
};

}  // namespace calibration
