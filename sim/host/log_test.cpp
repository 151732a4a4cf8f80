#include "sim/host/log.h"

#include "agent/host/contract/log_contract.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sim {
namespace {

class SimLogWorld final : public host::contract::LogWorld {
 public:
  host::Log& log() override { return log_; }
  std::vector<std::string> logged_lines() override {
    std::vector<std::string> texts;
    for (const auto& line : log_.lines()) {
      texts.push_back(line.text);
    }
    return texts;
  }
  std::vector<std::string> error_lines(const std::function<void()>& act) override {
    const auto before = log_.reasons().size();
    act();
    std::vector<std::string> lines;
    for (auto index = before; index < log_.reasons().size(); ++index) {
      lines.push_back(exit_reason_prefix() + log_.reasons()[index]);
    }
    return lines;
  }
  std::string exit_reason_prefix() override { return "ocf-exit-reason:"; }
  void jam_log() override { log_.jam(); }

 private:
  Machine machine_;
  AgentProcess agent_{machine_};
  SimLog log_{agent_};
};

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<LogWorld> sim_log = {"sim", [] { return std::make_unique<sim::SimLogWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, LogContract, testing::Values(sim_log));

}  // namespace host::contract
