#pragma once

#include "agent/host/contract/process_runner_test_base.h"

#include <string>
#include <vector>

// What every host::ProcessRunner leaves of a helper: nothing.

namespace host::contract {

class HelperRemainsContract : public ProcessRunnerTest {};
class ReplyFifoContract : public ProcessRunnerTest {
 protected:
  [[nodiscard]] std::string prefix() { return in_directory("reply_"); }
  [[nodiscard]] Command command_with_fifo(const Script& rest, Duration time = long_time) {
    Script script = {{Act::make_fifo, prefix()}};
    script.insert(script.end(), rest.begin(), rest.end());
    Command helper = command(script, time);
    helper.reply_fifo_prefix = prefix();
    return helper;
  }
};
class KilledAgentContract : public ReplyFifoContract {
 protected:
  // Helpers with four processes and one FIFO in all; the last process takes no notice of SIGTERM.
  [[nodiscard]] std::vector<Command> helpers() {
    return {
        command_with_fifo({{Act::start_session, "", 0, {{Act::stay}}}, {Act::stay}}),
        command({{Act::start_daemon, "", 0, {{Act::ignore_terminate}, {Act::stay}}}, {Act::stay}})};
  }
  [[nodiscard]] bool all_run() {
    return eventually([&] { return world().living() == 4 && world().entries().size() == 1; });
  }
  [[nodiscard]] bool all_are_gone() {
    return eventually([&] { return world().living() == 0 && world().entries().empty(); });
  }
};

}  // namespace host::contract
