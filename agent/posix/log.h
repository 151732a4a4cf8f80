#pragma once

#include "agent/host/log.h"
#include "agent/ocf/log_settings.h"

namespace posix {

// Writes where the cluster's shell agents write: syslog, log file, debug log, standard error.
class PosixLog final : public host::Log {
 public:
  explicit PosixLog(ocf::LogSettings settings);

  void write(host::Level level, std::string_view text) override;
  void exit_reason(host::Level level, std::string_view text) override;

 private:
  enum class Echo { allowed, suppressed };
  void write(host::Level level, std::string_view text, Echo echo);

  ocf::LogSettings settings_;
};

}  // namespace posix
