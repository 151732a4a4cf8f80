#pragma once

#include "agent/host/contract/process_runner_test_base.h"

// What every host::ProcessRunner does when it launches a daemon.

namespace host::contract {

class LaunchContract : public ProcessRunnerTest {
 protected:
  [[nodiscard]] ProcessResult launch(const Command& daemon) { return runner().launch(daemon); }
  [[nodiscard]] ProcessResult launch(const Script& script) { return launch(command(script)); }
};

}  // namespace host::contract
