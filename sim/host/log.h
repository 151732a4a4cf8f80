#pragma once

#include "agent/host/log.h"
#include "sim/host/agent_process.h"

#include <string>
#include <vector>

namespace sim {

// Keeps what the agent says, and shows it in the trace.
class SimLog final : public host::Log {
 public:
  explicit SimLog(AgentProcess& agent) : agent_(agent) {}

  struct Line {
    host::TimePoint at;
    host::Level level = host::Level::info;
    std::string text;
    friend bool operator==(const Line&, const Line&) = default;
  };

  void write(host::Level level, std::string_view text) override;
  void exit_reason(host::Level level, std::string_view text) override;

  // The log takes nothing any more.
  void jam() { is_jammed_ = true; }

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  // The lines that go to standard error for the cluster, which shows the last.
  [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  AgentProcess& agent_;
  bool is_jammed_ = false;
  std::vector<Line> lines_;
  std::vector<std::string> reasons_;
};

}  // namespace sim
