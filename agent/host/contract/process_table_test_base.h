#pragma once

#include "agent/host/contract/process_table_world.h"
#include "agent/host/contract/result_assertions.h"
#include "agent/host/contract/world_factory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace host::contract {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ProcessTableTest : public ContractTest<ProcessTableWorld> {
 protected:
  [[nodiscard]] ProcessTable& table() { return world().table(); }
  [[nodiscard]] TimePoint in(Duration duration) { return world().clock().now() + duration; }

  [[nodiscard]] ProcessId id_of(int pid) {
    const auto process = table().find(pid);
    EXPECT_TRUE(succeeds(process));
    return process ? process->id : ProcessId{};
  }
  [[nodiscard]] ProcessId start() { return id_of(world().start({world().mark()})); }
  [[nodiscard]] static ProcessId earlier_one_with_the_pid_of(ProcessId process) {
    return {.pid = process.pid, .start_time = process.start_time - 1};
  }

  [[nodiscard]] std::optional<ProcessState> state_of(int pid) {
    const auto process = table().find(pid);
    return process ? std::optional(process->state) : std::nullopt;
  }

  // Those that are exiting are left out: they are anybody's, and come and go.
  [[nodiscard]] std::vector<Process> processes_with(const std::string& text) {
    return processes_found({.argument = text});
  }
  [[nodiscard]] std::vector<Process> processes_found(const Search& search) {
    auto processes = table().list(search);
    EXPECT_TRUE(succeeds(processes));
    auto found = std::move(processes).value_or(std::vector<Process>());
    std::erase_if(found,
                  [](const Process& process) { return process.state == ProcessState::exiting; });
    return found;
  }

  [[nodiscard]] std::vector<int> listed(const std::string& text) {
    return listed(Search{.argument = text});
  }
  [[nodiscard]] std::vector<int> listed(const Search& search) {
    std::vector<int> pids;
    for (const auto& process : processes_found(search)) {
      pids.push_back(process.id.pid);
    }
    return pids;
  }

  // True as soon as the process is gone or a zombie, false if it is not for long.
  [[nodiscard]] bool ends(ProcessId process) {
    return table().wait_until_gone(std::vector{process}, in(seconds(10))).empty();
  }

  // Whether the state is reached before long.
  [[nodiscard]] bool becomes(int pid, ProcessState state) {
    for (int look = 0; look < 500; ++look) {
      if (state_of(pid) == state) {
        return true;
      }
      world().clock().sleep_until(in(milliseconds(10)));
    }
    return false;
  }
};

// For claims that show only beside another PID namespace.
class ContainerTest : public NeedsRoot<ProcessTableTest> {
 protected:
  void SetUp() override {
    NeedsRoot<ProcessTableTest>::SetUp();
    if (!IsSkipped() && !world().has_containers()) {
      GTEST_SKIP() << "no PID namespaces can be made here";
    }
  }
};

}  // namespace host::contract
