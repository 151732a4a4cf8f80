#pragma once

#include "agent/host/clock.h"
#include "agent/host/contract/contract_test.h"
#include "agent/host/contract/script.h"
#include "agent/host/process_runner.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace host::contract {

// Another process of the agent, which runs helpers. It ends with this object.
class OtherAgent {
 public:
  virtual ~OtherAgent() = default;

  // SIGKILL, to the process alone and to its whole group.
  virtual void kill() = 0;
  virtual void kill_group() = 0;
};

// A machine that has programs for the runner and can report what became of them. The world ends the
// remaining ones.
class ProcessRunnerWorld {
 public:
  virtual ~ProcessRunnerWorld() = default;

  [[nodiscard]] virtual ProcessRunner& runner() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  // The argument vector of a program that runs these steps.
  [[nodiscard]] virtual std::vector<std::string> program_that(const Script& script) = 0;

  // Paths.
  [[nodiscard]] virtual std::string missing_program() = 0;
  [[nodiscard]] virtual std::string program_without_execute_bit() = 0;
  [[nodiscard]] virtual std::string program_without_its_interpreter() = 0;

  // The living processes, without zombies, of all programs of this world.
  [[nodiscard]] virtual int living() = 0;

  // An empty directory that every user may write to, and its current entries.
  [[nodiscard]] virtual std::string directory() = 0;
  [[nodiscard]] virtual std::vector<std::string> entries() = 0;

  // Other processes, children of this one.
  [[nodiscard]] virtual ProcessId process() = 0;
  [[nodiscard]] virtual ProcessId process_that_ends_after(Duration duration) = 0;  // as a zombie
  [[nodiscard]] virtual ProcessId ended_process() = 0;
  [[nodiscard]] virtual bool lives(const ProcessId& process) = 0;

  // State that this process passes on unless the runner prevents it. The runner knows a variable
  // that was set before its first use.
  virtual void set_variable(const std::string& name, const std::string& value) = 0;
  virtual void open_descriptor_that_survives_exec() = 0;
  virtual void ignore_and_block_signals() = 0;
  virtual void ignore_ended_children() = 0;  // SIGCHLD, so that the kernel reaps them

  // Runs `act` without standard input, output and error.
  virtual void without_standard_streams(const std::function<void()>& act) = 0;

  // The resources that this process holds now.
  [[nodiscard]] virtual int open_descriptors() = 0;
  [[nodiscard]] virtual int children() = 0;
  [[nodiscard]] virtual int session() = 0;

  // Returns at once; the agent may still be about to run them.
  [[nodiscard]] virtual std::unique_ptr<OtherAgent> agent_that_runs(
      const std::vector<Command>& helpers) = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // Runs `act` as an ordinary user in every respect. Only if has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;

  // Runs `act` while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

}  // namespace host::contract

namespace host {

// The form of a result in a failed expectation.
inline std::ostream& operator<<(std::ostream& stream, const Output& output) {
  constexpr std::size_t shown = 200;
  return stream << output.out.size() << " bytes \"" << output.out.substr(0, shown) << "\" and "
                << output.err.size() << " bytes \"" << output.err.substr(0, shown) << '"';
}

inline std::ostream& operator<<(std::ostream& stream, const Exited& result) {
  return stream << "code " << result.code << ", " << result.output;
}

inline std::ostream& operator<<(std::ostream& stream, const Signaled& result) {
  return stream << "signal " << result.signal << ", " << result.output;
}

inline std::ostream& operator<<(std::ostream& stream, const TimedOut& result) {
  return stream << result.output;
}

inline std::ostream& operator<<(std::ostream& stream, const Abandoned& result) {
  return stream << result.output;
}

inline std::ostream& operator<<(std::ostream& stream, const NotStarted& result) {
  return stream << contract::name_of(result.error.kind) << ": " << result.error.text;
}

}  // namespace host

namespace host::contract {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ProcessRunnerTest : public ContractTest<ProcessRunnerWorld> {
 protected:
  // A deadline that only a failing test reaches, and one that is just long enough for a program to
  // begin.
  static constexpr seconds long_time{30};
  static constexpr milliseconds short_time{500};

  [[nodiscard]] ProcessRunner& runner() { return world().runner(); }
  [[nodiscard]] TimePoint now() { return world().clock().now(); }
  [[nodiscard]] std::string in_directory(const std::string& name) {
    return world().directory() + "/" + name;
  }

  [[nodiscard]] Command command(const Script& script, Duration time = long_time) {
    return {.arguments = world().program_that(script), .deadline = now() + time};
  }
  [[nodiscard]] Command command_of(const std::string& program) {
    return {.arguments = {program}, .deadline = now() + long_time};
  }

  [[nodiscard]] ProcessResult run(const Command& helper) {
    auto results = run_all({helper});
    return results.size() == 1 ? std::move(results.front()) : NotStarted{};
  }
  [[nodiscard]] ProcessResult run(const Script& script) { return run(command(script)); }
  [[nodiscard]] std::vector<ProcessResult> run_all(const std::vector<Command>& helpers) {
    auto results = runner().run(helpers, std::nullopt);
    EXPECT_EQ(results.size(), helpers.size());
    return results;
  }

  // Whether the condition becomes true within a short time.
  [[nodiscard]] bool eventually(const std::function<bool()>& condition) {
    for (int look = 0; look < 1000; ++look) {
      if (condition()) {
        return true;
      }
      world().clock().sleep_until(now() + milliseconds(10));
    }
    return false;
  }

  static constexpr auto timed_out = [](const ProcessResult& result) {
    return std::holds_alternative<TimedOut>(result);
  };
  static constexpr auto abandoned = [](const ProcessResult& result) {
    return std::holds_alternative<Abandoned>(result);
  };
  static constexpr auto exited = [](const ProcessResult& result) {
    return std::holds_alternative<Exited>(result);
  };

  [[nodiscard]] static testing::AssertionResult not_started(const ProcessResult& result,
                                                            ErrorKind kind,
                                                            const std::string& program) {
    const auto* failure = std::get_if<NotStarted>(&result);
    if (failure == nullptr) {
      return testing::AssertionFailure() << testing::PrintToString(result);
    }
    return fails_with(Result<void>(tl::unexpected(failure->error)), kind, program);
  }

  [[nodiscard]] static Output output_of(const ProcessResult& result) {
    return std::visit(
        [](const auto& value) {
          if constexpr (requires { value.output; }) {
            return value.output;
          } else {
            return Output{};
          }
        },
        result);
  }
};

// The results of every host::ProcessRunner for its helpers.

class HelperResultContract : public ProcessRunnerTest {};
class HelperOutputContract : public ProcessRunnerTest {
 protected:
  static constexpr std::size_t kept = 64UL * 1024;
};
class HelperDeadlineContract : public ProcessRunnerTest {};
class HelpersSideBySideContract : public ProcessRunnerTest {};
class HelperWatchContract : public ProcessRunnerTest {};
class HelperDenialContract : public ProcessRunnerTest {};
class HelperPrivilegeContract : public NeedsRoot<ProcessRunnerTest> {};

// The behaviour of every host::ProcessRunner after a helper: nothing is left of it.

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
  // Helpers with four processes and one FIFO in total; the last process ignores SIGTERM.
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

// The behaviour of every host::ProcessRunner when it launches a daemon.

class LaunchContract : public ProcessRunnerTest {
 protected:
  [[nodiscard]] ProcessResult launch(const Command& daemon) { return runner().launch(daemon); }
  [[nodiscard]] ProcessResult launch(const Script& script) { return launch(command(script)); }
};

// The environment that every host::ProcessRunner gives the programs that it starts.

class ProcessStartTest : public ProcessRunnerTest {
 protected:
  // The Description of a helper and of a launched program.
  [[nodiscard]] Description helper() { return described(run({{Act::describe}})); }
  [[nodiscard]] Description launched() {
    return described(runner().launch(command({{Act::describe}})));
  }
  [[nodiscard]] std::vector<Description> both() { return {helper(), launched()}; }

  [[nodiscard]] static bool has_variable(const Description& description, const std::string& name) {
    return description.contains("variable " + name);
  }

 private:
  [[nodiscard]] static Description described(const ProcessResult& result) {
    EXPECT_PRED1(exited, result);
    return description_from(output_of(result).out);
  }
};
class ProcessStartContract : public ProcessStartTest {};
class EnvironmentContract : public ProcessStartTest {};

}  // namespace host::contract
