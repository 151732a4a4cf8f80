#include "sim/worlds/step_reader.h"

#include "sim/worlds/profile_reader.h"
#include "sim/yaml/values.h"

#include <array>
#include <chrono>
#include <csignal>
#include <string>

namespace sim {
namespace {

using yaml::read_one_of;
using yaml::Table;
using yaml::Tree;
using yaml::Words;

constexpr std::array<const char*, 6> actions = {"start",        "stop",   "monitor",
                                                "validate-all", "status", "notify"};

const Words<int>& signals() {
  static const Words<int> all = {
      {"TERM", SIGTERM}, {"KILL", SIGKILL}, {"STOP", SIGSTOP},
      {"CONT", SIGCONT}, {"HUP", SIGHUP},   {"INT", SIGINT},
  };
  return all;
}

const Words<Whom>& receivers() {
  static const Words<Whom> all = {
      {"main", Whom::main},
      {"all", Whom::all},
      {"children", Whom::children},
      {"first_child", Whom::first_child},
  };
  return all;
}

CallAgent read_call(const std::string& action, const Tree& instance, Table& table,
                    const Instances& instances) {
  CallAgent call{.action = action, .instance = read_instance_name(instance, instances)};
  if (const auto* const timeout = table.find("timeout")) {
    call.operation.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        read_duration(timeout->value, "timeout"));
  }
  if (const auto* const level = table.find("check_level")) {
    call.operation.check_level = read_one_of<int>(level->value, "check level",
                                                  {{"0", 0}, {"10", 10}, {"20", 20}, {"30", 30}});
  }
  if (const auto* const killed = table.find("killed_after")) {
    call.operation.kill_after = read_duration(killed->value, "killed_after");
  }
  return call;
}

SendSignal read_signal(const Tree& signal, Table& table, const Instances& instances) {
  return {.signal = read_one_of(signal, "signal", signals()),
          .whom = read_one_of(table.need("to"), "receiver", receivers()),
          .instance = read_instance_name(table.need("of"), instances)};
}

Step read_what(Table& table, const Instances& instances) {
  for (const std::string action : actions) {
    if (const auto* const entry = table.find(action)) {
      return {.what = read_call(action, entry->value, table, instances)};
    }
  }
  if (const auto* const wait = table.find("wait")) {
    return {.what = Pass{.duration = read_duration(wait->value, "wait")}};
  }
  if (const auto* const suspend = table.find("suspend")) {
    return {.what = Suspend{.duration = read_duration(suspend->value, "suspend")}};
  }
  if (const auto* const back = table.find("set_clock_back")) {
    return {.what = SetClock{.by = -read_duration(back->value, "set_clock_back")}};
  }
  if (const auto* const forward = table.find("set_clock_forward")) {
    return {.what = SetClock{.by = read_duration(forward->value, "set_clock_forward")}};
  }
  if (const auto* const signal = table.find("signal")) {
    return {.what = read_signal(signal->value, table, instances)};
  }
  if (table.tree().entries.empty()) {
    throw yaml::Misread{table.tree().place, "a step that does nothing"};
  }
  return {.what = Change{.plan = read_world(table, instances)}};
}

}  // namespace

Step read_step(Table& table, const Instances& instances) {
  Step step = read_what(table, instances);
  for (const auto& [key, place, value] : table.tree().entries) {
    step.text += (step.text.empty() ? "" : ", ") + key +
                 (value.kind == Tree::Kind::word ? " " + value.word : "");
  }
  return step;
}

}  // namespace sim
