#pragma once

#include "agent/host/clock.h"
#include "agent/host/contract/contract_test.h"
#include "agent/host/process_table.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace host::contract {

using Arguments = std::vector<std::string>;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A machine on which a test can start processes and end them. A started process sleeps until it is
// ended; `arguments` follow the path of its program. It is a child of this process. When a start
// function returns, the process already runs its program. The world ends the remaining processes.
class ProcessTableWorld {
 public:
  virtual ~ProcessTableWorld() = default;

  [[nodiscard]] virtual ProcessTable& table() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  [[nodiscard]] virtual int own_pid() = 0;

  // A text that no other process of the machine has in its arguments.
  [[nodiscard]] virtual std::string mark() = 0;

  // Each returns a pid.
  [[nodiscard]] virtual int start(const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_with_name(const std::string& name,  // proc(5): comm
                                            const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_that_ends_after(Duration duration,  // and stays as a zombie
                                                  const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_uninterruptible(const Arguments& arguments) = 0;
  [[nodiscard]] virtual int start_of_ordinary_user(const Arguments& arguments) = 0;
  // Starts a process with its own PID and mount namespaces.
  [[nodiscard]] virtual int start_in_container(const Arguments& arguments) = 0;

  // The number of a thread that is not a process.
  [[nodiscard]] virtual int start_thread() = 0;

  // The program of a started process, and its deletion while the process runs.
  [[nodiscard]] virtual std::string program_of(int pid) = 0;
  virtual void delete_program_of(int pid) = 0;

  // Each returns once it has taken effect.
  virtual void stop(int pid) = 0;
  virtual void make_zombie(int pid) = 0;
  virtual void end(int pid) = 0;  // and reap

  // Whether it exists and is not a zombie.
  [[nodiscard]] virtual bool lives(int pid) = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // In some containers not even root can create PID namespaces.
  [[nodiscard]] virtual bool has_containers() = 0;

  [[nodiscard]] virtual std::uint32_t ordinary_user() = 0;  // uid

  // Runs `act` as an ordinary user in every respect. Only if has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;

  // Runs `act` while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

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

  // Exiting processes are left out: their owner is unknown, and they come and go.
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

  // True as soon as the process is gone or a zombie, false if that takes too long.
  [[nodiscard]] bool ends(ProcessId process) {
    return table().wait_until_gone(std::vector{process}, in(seconds(10))).empty();
  }

  // Whether the process reaches the state within a short time.
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

// For tests that need another PID namespace.
class ContainerTest : public NeedsRoot<ProcessTableTest> {
 protected:
  void SetUp() override {
    NeedsRoot<ProcessTableTest>::SetUp();
    if (!IsSkipped() && !world().has_containers()) {
      GTEST_SKIP() << "no PID namespaces can be made here";
    }
  }
};

// The information of every host::ProcessTable about processes.

class ProcessFindContract : public ProcessTableTest {};
class ProcessListContract : public ProcessTableTest {};
class ProcessSecrecyContract : public NeedsRoot<ProcessTableTest> {};
class ContainerFindContract : public ContainerTest {};

// The behaviour of every host::ProcessTable when it signals processes and waits for their end.

class ProcessSignalContract : public ProcessTableTest {};
class ProcessWaitContract : public ProcessTableTest {};
class ProcessOwnershipContract : public NeedsRoot<ProcessTableTest> {};
class ContainerSignalContract : public ContainerTest {};

}  // namespace host::contract
