#pragma once

#include "agent/host/contract/contract_test.h"
#include "agent/host/log.h"

#include <functional>
#include <string>
#include <vector>

namespace host::contract {

class LogWorld {
 public:
  virtual ~LogWorld() = default;

  [[nodiscard]] virtual Log& log() = 0;

  // The lines that have been logged so far.
  [[nodiscard]] virtual std::vector<std::string> logged_lines() = 0;

  // The lines that `act` writes to standard error.
  [[nodiscard]] virtual std::vector<std::string> error_lines(const std::function<void()>& act) = 0;

  // The prefix by which Pacemaker finds the line.
  [[nodiscard]] virtual std::string exit_reason_prefix() = 0;

  // From now on the log does not read, and a writer that waits for it waits for ever.
  virtual void jam_log() = 0;
};

class LogContract : public ContractTest<LogWorld> {
 protected:
  [[nodiscard]] Log& log() { return world().log(); }
  [[nodiscard]] std::string exit_line(const std::string& text) {
    return world().exit_reason_prefix() + text;
  }
};

}  // namespace host::contract
