#pragma once

#include "agent/host/clock.h"
#include "agent/host/log.h"
#include "agent/ocf/log_settings.h"
#include "agent/posix/read_write.h"

namespace posix {

// Writes where the cluster's shell agents write: syslog, log file, debug log, standard error. Only
// a file system that hangs can keep it: a FIFO or a syslog daemon that does not read loses the
// message, and so does a reader of standard error, which is waited for once.
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
