#pragma once

#include "agent/host/result.h"
#include "agent/posix/environment.h"
#include "sim/calibration/real/leaves.h"
#include "sim/calibration/real/responder.h"
#include "sim/calibration/situation.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace calibration {

// Where the programs are that situations name.
using Programs = std::map<std::string, std::string>;

// Makes this machine what a situation says. What it has begun ends with it.
class SetUp {
 public:
  explicit SetUp(Programs programs);

  [[nodiscard]] host::Result<void> add(const Given& given);

  [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }
  [[nodiscard]] const posix::Environment& environment() const { return environment_; }
  [[nodiscard]] const std::string& user() const { return user_; }

  // With the path of the program; or its name, if the situation calls one that nobody knows.
  [[nodiscard]] std::vector<std::string> resolved(std::vector<std::string> arguments) const;

 private:
  [[nodiscard]] host::Result<void> make(const File& file);
  [[nodiscard]] host::Result<void> make(const Directory& directory);
  [[nodiscard]] host::Result<void> make(const PidFile& file);
  [[nodiscard]] host::Result<void> make(const Fifo& fifo);
  [[nodiscard]] host::Result<void> make(const Responder& responder);
  [[nodiscard]] host::Result<void> make(const Server& server);
  [[nodiscard]] host::Result<void> make(const Signal& signal);
  [[nodiscard]] host::Result<void> make(const Without& without);
  [[nodiscard]] host::Result<void> make(const Variable& variable);
  [[nodiscard]] host::Result<void> make(const User& user);

  Programs programs_;
  Surroundings surroundings_;
  posix::Environment environment_;
  std::string user_ = "root";
  std::vector<std::unique_ptr<RealResponder>> responders_;
};

// Looks around until nothing has changed for so long, and says how it is then and when that began.
struct Settled {
  Leaves leaves;
  std::chrono::steady_clock::time_point since;
};
[[nodiscard]] Settled settle(const Surroundings& surroundings, Duration unchanged_for,
                             Duration at_most);

// Sends it to all receivers that there are; an error if there is none.
[[nodiscard]] host::Result<void> send(const Signal& signal, const Surroundings& surroundings);

}  // namespace calibration
