#pragma once

#include "agent/host/contract/process_runner_test_base.h"

#include <string>
#include <vector>

// What every host::ProcessRunner gives the programs that it starts.

namespace host::contract {

class ProcessStartTest : public ProcessRunnerTest {
 protected:
  // How a helper and how a launched program finds itself.
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
