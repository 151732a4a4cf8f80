#pragma once

#include "agent/host/result.h"
#include "agent/posix/environment.h"
#include "sim/calibration/ground.h"
#include "sim/calibration/real/census.h"
#include "sim/calibration/real/program.h"
#include "sim/calibration/real/responder.h"
#include "sim/calibration/situation.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace calibration {

// Where the programs are that situations name.
using Programs = std::map<std::string, std::string>;

// The machine on which this runs.
class RealGround final : public Ground {
 public:
  explicit RealGround(Programs programs);

  [[nodiscard]] host::Result<void> make(const File& file) override;
  [[nodiscard]] host::Result<void> make(const Directory& directory) override;
  [[nodiscard]] host::Result<void> make(const PidFile& file) override;
  [[nodiscard]] host::Result<void> make(const Fifo& fifo) override;
  [[nodiscard]] host::Result<void> make(const Responder& responder) override;
  [[nodiscard]] host::Result<void> make(const Without& without) override;
  void set(const Variable& variable) override;

  [[nodiscard]] host::Result<Ended> run(const Launch& launch) override;
  [[nodiscard]] Printed printed() const override;
  void send(int signal, int pid) override;
  [[nodiscard]] Answered ask(const Endpoint& at, Duration lasts) override;
  [[nodiscard]] Census look_around() const override;

  [[nodiscard]] host::TimePoint now() const override;
  void wait(host::Duration duration) override;

 private:
  Programs programs_;
  Surroundings surroundings_;
  posix::Environment environment_;
  std::vector<std::unique_ptr<RealResponder>> responders_;
  std::unique_ptr<Program> program_;  // that ran last
};

}  // namespace calibration
