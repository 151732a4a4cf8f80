#pragma once

#include "agent/host/process_table.h"
#include "agent/host/testing/fake_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kamailio::testing {

using host::testing::FakeClock;

// The reaction of a process to signals.
struct Manners {
  // The time from SIGTERM to its end; nothing: it ignores SIGTERM.
  std::optional<host::Duration> ends_after = std::chrono::milliseconds(5);
  // How many SIGTERM it loses before it reacts to one.
  int loses = 0;
  enum class Owner { same, somebody_else } owner = Owner::same;
};

inline const Manners takes_no_notice = {.ends_after = std::nullopt};

struct SentSignal {
  host::Duration after{};  // since the test began
  int pid = 0;
  host::Signal signal = host::Signal::terminate;

  friend bool operator==(const SentSignal&, const SentSignal&) = default;
  friend std::ostream& operator<<(std::ostream& out, const SentSignal& sent) {
    const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(sent.after).count();
    return out << (sent.signal == host::Signal::terminate ? "SIGTERM"
                   : sent.signal == host::Signal::kill    ? "SIGKILL"
                                                          : "SIGCONT")
               << " to " << sent.pid << " after " << after << " ms";
  }
};

class FakeProcessTable final : public host::ProcessTable {
 public:
  explicit FakeProcessTable(FakeClock& clock) : clock_(clock), begin_(clock.now()) {}

  void add(host::Process process, Manners manners = {}) {
    EXPECT_EQ(entry(process.id.pid), nullptr) << "pid " << process.id.pid << " is in use";
    entries_.push_back({.process = std::move(process), .manners = manners});
  }
  // The process is gone and reaped; its children get process 1 as parent.
  void end(int pid) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.process.id.pid == pid; });
    for (auto& entry : entries_) {
      entry.process.parent = entry.process.parent == pid ? 1 : entry.process.parent;
    }
  }
  void change_state(int pid, host::ProcessState state) {
    ASSERT_NE(entry(pid), nullptr);
    entry(pid)->process.state = state;
    if (state == host::ProcessState::zombie) {
      entry(pid)->process.arguments.clear();
    }
  }
  void become_unreadable(host::Error error) { unreadable_ = std::move(error); }
  void become_readable() { unreadable_.reset(); }

  [[nodiscard]] std::vector<int> living() const {
    std::vector<int> pids;
    for (const auto& entry : entries_) {
      if (entry.process.state != host::ProcessState::zombie) {
        pids.push_back(entry.process.id.pid);
      }
    }
    return pids;
  }
  [[nodiscard]] const std::vector<SentSignal>& signals() const { return signals_; }
  [[nodiscard]] int walks() const { return walks_; }

  [[nodiscard]] host::Result<host::Process> find(int pid) override {
    EXPECT_GT(pid, 0);
    if (unreadable_) {
      return tl::unexpected(*unreadable_);
    }
    if (const auto* const found = entry(pid)) {
      return found->process;
    }
    return gone(pid);
  }

  [[nodiscard]] host::Result<std::vector<host::Process>> list(const host::Search& search) override {
    EXPECT_FALSE(search.argument.empty());
    ++walks_;
    if (unreadable_) {
      return tl::unexpected(*unreadable_);
    }
    std::vector<host::Process> found;
    for (const auto& [process, manners, is_pending] : entries_) {
      if (process.state != host::ProcessState::zombie && is_wanted(process, search)) {
        found.push_back(process);
      }
    }
    return found;
  }

  [[nodiscard]] host::Result<void> send(const host::ProcessId& process,
                                        host::Signal signal) override {
    signals_.push_back({.after = clock_.now() - begin_, .pid = process.pid, .signal = signal});
    auto* const receiver = entry(process.pid);
    if (receiver == nullptr || receiver->process.id != process) {
      return gone(process.pid);
    }
    if (receiver->manners.owner == Manners::Owner::somebody_else) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted,
                      .text = "process " + std::to_string(process.pid) + ": not permitted"});
    }
    receive(*receiver, signal);
    return {};
  }

  [[nodiscard]] std::vector<host::ProcessId> wait_until_gone(
      std::span<const host::ProcessId> processes, host::TimePoint deadline) override {
    EXPECT_FALSE(processes.empty());
    clock_.pass_until(deadline, [&] { return survivors(processes).empty(); });
    return survivors(processes);
  }

  [[nodiscard]] bool lives(const host::ProcessId& process) {
    const auto* const found = entry(process.pid);
    return found != nullptr && found->process.id == process &&
           found->process.state != host::ProcessState::zombie;
  }

 private:
  struct Entry {
    host::Process process;
    Manners manners;
    bool terminate_is_pending = false;
  };

  static bool is_wanted(const host::Process& process, const host::Search& search) {
    const auto program = process.executable.substr(process.executable.rfind('/') + 1);
    return process.state == host::ProcessState::exiting ||
           std::ranges::find(search.programs, program) != search.programs.end() ||
           std::ranges::any_of(process.arguments, [&](const std::string& argument) {
             return argument.find(search.argument) != std::string::npos;
           });
  }

  static tl::unexpected<host::Error> gone(int pid) {
    return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                      .text = "process " + std::to_string(pid) + " is gone"});
  }

  Entry* entry(int pid) {
    const auto found =
        std::ranges::find(entries_, pid, [](const Entry& entry) { return entry.process.id.pid; });
    return found == entries_.end() ? nullptr : &*found;
  }

  void receive(Entry& receiver, host::Signal signal) {
    auto& state = receiver.process.state;
    const int pid = receiver.process.id.pid;
    switch (signal) {
      case host::Signal::terminate:
        receiver.terminate_is_pending = receiver.manners.loses-- <= 0;
        break;
      case host::Signal::resume:
        state = state == host::ProcessState::stopped ? host::ProcessState::running : state;
        break;
      case host::Signal::kill:
        if (state == host::ProcessState::running || state == host::ProcessState::stopped) {
          end(pid);
        }
        return;
    }
    if (state == host::ProcessState::running && receiver.terminate_is_pending &&
        receiver.manners.ends_after) {
      clock_.in(*receiver.manners.ends_after, [this, pid] { end(pid); });
    }
  }

  std::vector<host::ProcessId> survivors(std::span<const host::ProcessId> processes) {
    std::vector<host::ProcessId> found;
    for (const auto& process : processes) {
      if (lives(process)) {
        found.push_back(process);
      }
    }
    return found;
  }

  FakeClock& clock_;
  host::TimePoint begin_;
  std::vector<Entry> entries_;
  std::optional<host::Error> unreadable_;
  std::vector<SentSignal> signals_;
  int walks_ = 0;
};

}  // namespace kamailio::testing
