#pragma once

#include "agent/host/process_runner.h"
#include "agent/host/testing/fake_clock.h"
#include "agent/kamailio/testing/fake_process_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kamailio::testing {

using host::testing::FakeClock;

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

}  // namespace kamailio::testing
