#pragma once

#include "agent/host/accounts.h"
#include "agent/host/clock.h"
#include "agent/host/file_system.h"
#include "agent/host/host.h"
#include "agent/host/log.h"
#include "agent/host/process_runner.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/host/testing/fake_clock.h"
#include "agent/host/testing/fake_network.h"
#include "agent/host/testing/fake_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// A machine in memory, for tests of decisions. Each part does what its contract in agent/host/ says
// as far as these tests need it, records what it was asked to do, and fails the test on a request
// that makes no sense.

namespace kamailio::testing {

using host::testing::FakeClock;
using host::testing::FakeNetwork;
using host::testing::FakeRandom;

// How a process takes signals.
struct Manners {
  // From SIGTERM to its end; nothing: it takes no notice.
  std::optional<host::Duration> ends_after = std::chrono::milliseconds(5);
  // How many SIGTERM it loses before it takes one.
  int loses = 0;
  enum class Owner { same, somebody_else } owner = Owner::same;
};

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
  // Gone and reaped; its children go to process 1.
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

  [[nodiscard]] host::Result<std::vector<host::Process>> list(std::string_view text) override {
    EXPECT_FALSE(text.empty());
    ++walks_;
    if (unreadable_) {
      return tl::unexpected(*unreadable_);
    }
    std::vector<host::Process> found;
    for (const auto& entry : entries_) {
      const auto& arguments = entry.process.arguments;
      if (std::ranges::any_of(arguments, [&](const std::string& argument) {
            return argument.find(text) != std::string::npos;
          })) {
        found.push_back(entry.process);
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

// What a program does: it takes its time, then this is the result.
struct Performance {
  host::ProcessResult result = host::Exited{};
  host::Duration takes{};
};

class FakeProcessRunner final : public host::ProcessRunner {
 public:
  using Program = std::function<Performance(const host::Command&)>;

  FakeProcessRunner(FakeClock& clock, FakeProcessTable& processes)
      : clock_(clock), processes_(processes) {}

  void helper(const std::string& path, Program program) { helpers_[path] = std::move(program); }
  void daemon(Program program) { daemon_ = std::move(program); }

  [[nodiscard]] const std::vector<host::Command>& ran() const { return ran_; }
  [[nodiscard]] const std::vector<host::Command>& launched() const { return launched_; }

  [[nodiscard]] std::vector<host::ProcessResult> run(
      std::span<const host::Command> helpers,
      const std::optional<host::ProcessId>& while_alive) override {
    const auto begin = clock_.now();
    std::vector<Performance> performances;
    auto end = begin;
    for (const auto& helper : helpers) {
      ran_.push_back(helper);
      performances.push_back(perform(helper));
      end = std::max(end, begin + performances.back().takes);
    }
    clock_.pass_until(end, [&] { return while_alive && !processes_.lives(*while_alive); });
    std::vector<host::ProcessResult> results;
    for (const auto& [result, takes] : performances) {
      results.push_back(begin + takes > clock_.now() ? host::Abandoned{} : result);
    }
    return results;
  }

  [[nodiscard]] host::ProcessResult launch(const host::Command& daemon) override {
    launched_.push_back(daemon);
    if (!daemon_) {
      ADD_FAILURE() << "no daemon is expected to be launched";
      return host::NotStarted{.error = {.text = "unexpected"}};
    }
    const auto begin = clock_.now();
    const auto [result, takes] = daemon_(daemon);
    clock_.sleep_until(std::min(begin + takes, std::max(begin, daemon.deadline)));
    return begin + takes > daemon.deadline ? host::TimedOut{} : result;
  }

 private:
  Performance perform(const host::Command& helper) {
    if (helper.arguments.empty() || !helpers_.contains(helper.arguments.front())) {
      ADD_FAILURE() << "unknown program: "
                    << (helper.arguments.empty() ? "none" : helper.arguments.front());
      return {.result = host::NotStarted{.error = {.text = "unexpected"}}};
    }
    auto performance = helpers_[helper.arguments.front()](helper);
    const auto longest = std::max(helper.deadline - clock_.now(), host::Duration());
    if (performance.takes > longest) {
      return {.result = host::TimedOut{}, .takes = longest};
    }
    return performance;
  }

  FakeClock& clock_;
  FakeProcessTable& processes_;
  std::map<std::string, Program> helpers_;
  Program daemon_;
  std::vector<host::Command> ran_;
  std::vector<host::Command> launched_;
};

struct FakeFile {
  host::FileType type = host::FileType::regular;
  std::string content = {};
  std::set<host::Access> access = {host::Access::read};
  std::string target = {};  // of a symbolic link
};

// A path is found by its spelling; only the last component may be a symbolic link.
class FakeFileSystem final : public host::FileSystem {
 public:
  void put(const std::string& path, FakeFile file = {}) { files_[path] = std::move(file); }
  void put_program(const std::string& path) {
    put(path, {.access = {host::Access::read, host::Access::execute}});
  }
  void put_directory(const std::string& path) { put(path, {.type = host::FileType::directory}); }
  void take_away(const std::string& path) { EXPECT_EQ(files_.erase(path), 1U) << path; }
  // From now on, whatever is done with the path fails.
  void spoil(const std::string& path, host::Error error) { spoiled_[path] = std::move(error); }

  [[nodiscard]] bool has(const std::string& path) const { return files_.contains(path); }
  // How many questions were asked, and all that was changed, such as "remove_file /run/x".
  [[nodiscard]] int looks() const { return looks_; }
  [[nodiscard]] const std::vector<std::string>& changes() const { return changes_; }

  [[nodiscard]] host::Result<std::string> read(const std::string& path,
                                               std::size_t limit) override {
    return look_up(path, Links::followed)
        .and_then([&](const FakeFile& file) -> host::Result<std::string> {
          if (file.type != host::FileType::regular) {
            return tl::unexpected(host::Error{.text = path + ": no regular file"});
          }
          return file.content.substr(0, limit);
        });
  }
  [[nodiscard]] host::Result<host::FileStatus> status(const std::string& path) override {
    return look_up(path, Links::followed).map(status_of);
  }
  [[nodiscard]] host::Result<host::FileStatus> link_status(const std::string& path) override {
    return look_up(path, Links::shown).map(status_of);
  }
  [[nodiscard]] host::Result<void> check_access(const std::string& path,
                                                host::Access access) override {
    const auto file = look_up(path, Links::followed);
    if (!file) {
      return tl::unexpected(file.error());
    }
    if (!file->access.contains(access)) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted, .text = path + ": not permitted"});
    }
    return {};
  }
  [[nodiscard]] host::Result<void> create_directory(const std::string& path,
                                                    std::optional<host::Owner> owner) override {
    if (const auto found = look_up(path, Links::followed)) {
      return found->type == host::FileType::directory
                 ? host::Result<void>()
                 : tl::unexpected(host::Error{.text = path + ": no directory"});
    }
    if (spoiled_.contains(path)) {
      return tl::unexpected(spoiled_[path]);
    }
    put_directory(path);
    changes_.push_back(
        "create_directory " + path +
        (owner ? " for " + std::to_string(owner->user) + ":" + std::to_string(owner->group) : ""));
    return {};
  }
  [[nodiscard]] host::Result<void> remove_file(const std::string& path) override {
    const auto file = look_up(path, Links::shown);
    if (!file) {
      return tl::unexpected(file.error());
    }
    if (file->type == host::FileType::directory) {
      return tl::unexpected(host::Error{.text = path + ": a directory"});
    }
    files_.erase(path);
    changes_.push_back("remove_file " + path);
    return {};
  }
  [[nodiscard]] host::Result<void> remove_directory(const std::string& path) override {
    const auto file = look_up(path, Links::shown);
    if (!file) {
      return tl::unexpected(file.error());
    }
    if (file->type != host::FileType::directory) {
      return tl::unexpected(host::Error{.text = path + ": no directory"});
    }
    if (const auto next = files_.lower_bound(path + "/");
        next != files_.end() && next->first.starts_with(path + "/")) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_empty, .text = path + ": not empty"});
    }
    files_.erase(path);
    changes_.push_back("remove_directory " + path);
    return {};
  }

 private:
  enum class Links { followed, shown };

  static host::FileStatus status_of(const FakeFile& file) {
    return {.type = file.type, .size = file.content.size()};
  }

  host::Result<FakeFile> look_up(const std::string& path, Links links) {
    EXPECT_TRUE(path.starts_with('/')) << "not absolute: " << path;
    ++looks_;
    if (const auto spoiled = spoiled_.find(path); spoiled != spoiled_.end()) {
      return tl::unexpected(spoiled->second);
    }
    const auto found = files_.find(path);
    if (found == files_.end()) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_found, .text = path + ": no such file"});
    }
    if (found->second.type == host::FileType::symbolic_link && links == Links::followed) {
      return look_up(found->second.target, links);
    }
    return found->second;
  }

  std::map<std::string, FakeFile> files_;
  std::map<std::string, host::Error> spoiled_;
  std::vector<std::string> changes_;
  int looks_ = 0;
};

class FakeAccounts final : public host::Accounts {
 public:
  void add_user(const std::string& name, host::User user) { users_[name] = user; }
  void add_group(const std::string& name, std::uint32_t group) { groups_[name] = group; }
  void take_root_away() { privilege_ = host::Privilege::ordinary; }

  // The names that somebody asked for.
  [[nodiscard]] const std::vector<std::string>& asked_for() const { return asked_for_; }

  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override {
    return find(users_, name, "user");
  }
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override {
    return find(groups_, name, "group");
  }
  [[nodiscard]] host::Privilege privilege() const override { return privilege_; }

 private:
  template <typename T>
  host::Result<T> find(const std::map<std::string, T>& known, const std::string& name,
                       const std::string& what) {
    asked_for_.push_back(name);
    const auto found = known.find(name);
    if (found == known.end()) {
      return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                        .text = "no " + what + " \"" + name + "\""});
    }
    return found->second;
  }

  std::map<std::string, host::User> users_;
  std::map<std::string, std::uint32_t> groups_;
  std::vector<std::string> asked_for_;
  host::Privilege privilege_ = host::Privilege::root;
};

class FakeLog final : public host::Log {
 public:
  [[nodiscard]] std::vector<std::string> of(host::Level level) const {
    std::vector<std::string> texts;
    for (const auto& [entry_level, text] : entries_) {
      if (entry_level == level) {
        texts.push_back(text);
      }
    }
    return texts;
  }
  [[nodiscard]] std::vector<std::string> warnings() const { return of(host::Level::warning); }

  void write(host::Level level, std::string_view text) override {
    EXPECT_FALSE(text.empty());
    entries_.emplace_back(level, text);
  }
  void exit_reason(host::Level /*level*/, std::string_view text) override {
    ADD_FAILURE() << "the exit reason is the last word of main() and of nobody else: " << text;
  }

 private:
  std::vector<std::pair<host::Level, std::string>> entries_;
};

struct FakeHost {
  FakeClock clock;
  FakeFileSystem files;
  FakeProcessTable processes{clock};
  FakeProcessRunner runner{clock, processes};
  FakeNetwork network{clock};
  FakeRandom random;
  FakeAccounts accounts;
  FakeLog log;

  [[nodiscard]] host::Host host() {
    return {.clock = clock,
            .files = files,
            .processes = processes,
            .runner = runner,
            .network = network,
            .random = random,
            .accounts = accounts,
            .log = log};
  }
};

}  // namespace kamailio::testing
