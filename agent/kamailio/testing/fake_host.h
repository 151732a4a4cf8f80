#pragma once

#include "agent/host/accounts.h"
#include "agent/host/host.h"
#include "agent/host/log.h"
#include "agent/host/process_runner.h"
#include "agent/host/testing/fake_clock.h"
#include "agent/host/testing/fake_network.h"
#include "agent/host/testing/fake_random.h"
#include "agent/kamailio/testing/fake_file_system.h"
#include "agent/kamailio/testing/fake_process_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kamailio::testing {

using host::testing::FakeClock;
using host::testing::FakeNetwork;
using host::testing::FakeRandom;

class FakeAccounts final : public host::Accounts {
 public:
  void add_user(const std::string& name, host::User user) { users_[name] = user; }
  void add_group(const std::string& name, std::uint32_t group) { groups_[name] = group; }
  // Makes each look-up fail.
  void fail(host::Error error) { error_ = std::move(error); }
  void take_root_away() { effective_user_ = 1000; }

  // The names that were looked up.
  [[nodiscard]] const std::vector<std::string>& asked_for() const { return asked_for_; }

  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override {
    return find(users_, name, "user");
  }
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override {
    return find(groups_, name, "group");
  }
  [[nodiscard]] std::uint32_t effective_user() const override { return effective_user_; }

 private:
  template <typename T>
  host::Result<T> find(const std::map<std::string, T>& known, const std::string& name,
                       const std::string& what) {
    asked_for_.push_back(name);
    if (error_) {
      return tl::unexpected(*error_);
    }
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
  std::optional<host::Error> error_;
  std::uint32_t effective_user_ = 0;
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

// The behaviour of a program: the time that it takes, and its result.
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

// A machine in memory, for tests of decisions. Each part fulfils its contract in agent/host/ as far
// as these tests need it, records its calls, and fails the test on an invalid call.
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
