#pragma once

#include "agent/host/result.h"
#include "agent/posix/environment.h"
#include "sim/calibration/ground.h"

namespace calibration {

// A program that runs to its end, and what it and its descendants print, also after that.
class Program {
 public:
  Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // The first argument is a path.
  [[nodiscard]] host::Result<Ended> run(const Launch& launch,
                                        const posix::Environment& environment) const;
  [[nodiscard]] Printed printed() const;

 private:
  int out_;
  int err_;
};

}  // namespace calibration
