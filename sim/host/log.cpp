#include "sim/host/log.h"

#include "agent/ocf/log_settings.h"

#include <utility>

namespace sim {

void SimLog::write(host::Level level, std::string_view text) {
  if (is_jammed_) {
    return;
  }
  auto& machine = agent_.machine();
  std::string line = ocf::one_line(text);
  if (machine.trace.is_on()) {
    machine.trace.write(machine.time.now(), "agent[" + std::to_string(agent_.id().pid) + "]",
                        ocf::level_name(level) + ": " + line);
  }
  lines_.push_back({.at = machine.time.now(), .level = level, .text = std::move(line)});
}

void SimLog::exit_reason(host::Level level, std::string_view text) {
  write(level, text);
  reasons_.push_back(ocf::one_line(text));
}

}  // namespace sim
