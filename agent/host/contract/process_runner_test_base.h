#pragma once

#include "agent/host/contract/process_runner_world.h"
#include "agent/host/contract/result_assertions.h"
#include "agent/host/contract/world_factory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace host {

// How a failed expectation shows a result.
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
  // A deadline that no test reaches unless something is wrong, and one that leaves a program just
  // the time to get going.
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

  // Whether the condition comes true before long.
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

}  // namespace host::contract
