#pragma once

#include "agent/host/clock.h"
#include "agent/host/result.h"
#include "sim/calibration/census.h"
#include "sim/calibration/situation.h"

#include <string>
#include <vector>

namespace calibration {

struct Launch {
  std::vector<std::string> arguments;  // the first one is a bare name, as "kamailio"
  std::string user = "root";
  Duration lasts{0};  // then it gets SIGTERM, and SIGKILL 2 s later if that does not help
};

struct Ended {
  Ending ending;
  Duration took{0};
};

// Lines, without blanks at their ends, and without the empty ones.
struct Printed {
  std::vector<std::string> out;
  std::vector<std::string> err;
};

// Where situations are played: the real machine, or a simulated one. What is set up is there until
// this object ends.
class Ground {
 public:
  Ground() = default;
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;
  virtual ~Ground() = default;

  [[nodiscard]] virtual host::Result<void> make(const File& file) = 0;
  [[nodiscard]] virtual host::Result<void> make(const Directory& directory) = 0;
  [[nodiscard]] virtual host::Result<void> make(const PidFile& file) = 0;
  [[nodiscard]] virtual host::Result<void> make(const Fifo& fifo) = 0;
  [[nodiscard]] virtual host::Result<void> make(const Responder& responder) = 0;
  [[nodiscard]] virtual host::Result<void> make(const Without& without) = 0;
  // Of all programs that run from now on.
  virtual void set(const Variable& variable) = 0;

  [[nodiscard]] virtual host::Result<Ended> run(const Launch& launch) = 0;
  // What the program that ran last and its descendants have printed, also after its end.
  [[nodiscard]] virtual Printed printed() const = 0;

  virtual void send(int signal, int pid) = 0;
  // Sends one OPTIONS request: the first line of the response, or "refused", "closed" or "nothing".
  [[nodiscard]] virtual Answered ask(const Endpoint& at, Duration lasts) = 0;

  [[nodiscard]] virtual Census look_around() const = 0;

  [[nodiscard]] virtual host::TimePoint now() const = 0;
  virtual void wait(host::Duration duration) = 0;
};

// For the printed text of a program.
[[nodiscard]] std::vector<std::string> lines_in(const std::string& text);

// The OPTIONS request of ask().
[[nodiscard]] std::string request_to(const Endpoint& at);

}  // namespace calibration
