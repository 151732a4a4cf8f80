#pragma once

#include "agent/host/clock.h"
#include "agent/host/log.h"
#include "agent/ocf/log_settings.h"
#include "agent/posix/read_write.h"

namespace posix {

// Writes to the logs of the cluster's shell agents: syslog, log file, debug log, standard error. It
// can only block on a file system that hangs. A FIFO or a syslog daemon that does not read loses
// the message; so does a reader of standard error, after one wait.
class PosixLog final : public host::Log {
 public:
  explicit PosixLog(ocf::LogSettings settings);

  void write(host::Level level, std::string_view text) override;
  void exit_reason(host::Level level, std::string_view text) override;

 private:
  enum class Echo { allowed, suppressed };
  void write(host::Level level, std::string_view text, Echo echo);
  void write_to_standard_error(std::string_view text);

  ocf::LogSettings settings_;
  host::Duration patience_ = stream_patience;  // with the reader of standard error
};

}  // namespace posix
