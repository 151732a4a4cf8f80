#include "sim/setup/step_reader.h"

#include "sim/setup/profile_reader.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <variant>

namespace sim {
namespace {

using yaml::read_one_of;
using yaml::Table;
using yaml::Tree;
using yaml::Words;

constexpr std::array<const char*, 14> actions = {
    "start",     "stop",    "monitor", "status", "validate-all", "notify",     "reload-agent",
    "meta-data", "promote", "demote",  "reload", "restart",      "migrate_to", "migrate_from"};
constexpr std::array<const char*, 8> events = {
    "run", "ask", "wait", "signal", "suspend", "set_clock_back", "set_clock_forward", "update"};

const Words<Whom>& receivers() {
  static const Words<Whom> all = {
      {"main", Whom::main},
      {"all", Whom::all},
      {"children", Whom::children},
      {"first_child", Whom::first_child},
  };
  return all;
}

Step read_step_of_meanwhile(const Tree& tree, const Instances& instances) {
  auto event = tree;
  const auto after = std::ranges::find(event.entries, "after", &yaml::Entry::key);
  if (after == event.entries.end()) {
    throw yaml::Misread{tree.place, "missing \"after\": expected {after: TIME, signal: ...}"};
  }
  const auto duration = read_duration(after->value, "after");
  event.entries.erase(after);
  Table table(event, "step");
  auto step = read_step(table, instances);
  table.finish();
  if (!std::holds_alternative<SendSignal>(step.what) &&
      !std::holds_alternative<Change>(step.what)) {
    throw yaml::Misread{tree.place,
                        "invalid step of meanwhile: expected a signal or a change of the setup"};
  }
  step.after = duration;
  return step;
}

CallAgent read_call(const std::string& action, const Tree& instance, Table& table,
                    const Instances& instances) {
  CallAgent call{.action = action, .instance = read_instance_name(instance, instances)};
  if (const auto* const timeout = table.find("timeout")) {
    call.operation.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        read_duration(timeout->value, "timeout"));
  }
  if (action == "monitor" || action == "status") {
    if (const auto* const interval = table.find("interval")) {
      call.operation.interval = std::chrono::duration_cast<std::chrono::milliseconds>(
          read_duration(interval->value, "interval"));
    }
  }
  if (action == "monitor" || action == "status" || action == "validate-all") {
    if (const auto* const level = table.find("check_level")) {
      call.operation.check_level = read_one_of<int>(level->value, "check level",
                                                    {{"0", 0}, {"10", 10}, {"20", 20}, {"30", 30}});
    }
  }
  if (const auto* const caller = table.find("by")) {
    call.operation.caller = read_one_of(caller->value, "caller", cluster::callers());
  }
  if (const auto* const killed = table.find("killed_after")) {
    call.operation.kill_after = read_duration(killed->value, "killed_after");
    if (*call.operation.kill_after >= call.operation.timeout) {
      yaml::reject(killed->value, "killed_after", "a time less than the timeout");
    }
  }
  if (const auto* const meanwhile = table.find("meanwhile")) {
    for (const auto& tree : yaml::list_in(meanwhile->value, "meanwhile")) {
      call.meanwhile.push_back(read_step_of_meanwhile(tree, instances));
    }
  }
  return call;
}

SendSignal read_signal(const Tree& signal, Table& table, const Instances& instances) {
  SendSignal send{.signal = read_one_of(signal, "signal", signal_words()),
                  .whom = read_one_of(table.need("to"), "receiver", receivers())};
  // Without instances, programs have started the servers.
  if (!instances.empty()) {
    send.instance = read_instance_name(table.need("of"), instances);
  } else if (const auto* const watched = table.find("for")) {
    send.watched = read_duration(watched->value, "for");
  }
  return send;
}

RunProgram read_run(const Tree& arguments, Table& table) {
  RunProgram run{.arguments = yaml::words_in(arguments, "run")};
  if (run.arguments.empty()) {
    throw yaml::Misread{arguments.place, "empty run: expected [PROGRAM, ARGUMENT, ...]"};
  }
  if (const auto* const user = table.find("as")) {
    run.user = yaml::word_in(user->value, "user");
  }
  if (const auto* const environment = table.find("environment")) {
    for (const auto& [name, place, value] :
         yaml::entries_in(environment->value, "environment", "NAME: VALUE")) {
      run.environment[name] = yaml::word_in(value, name);
    }
  }
  if (const auto* const lasts = table.find("for")) {
    run.lasts = read_duration(lasts->value, "for");
  }
  return run;
}

AskOptions read_ask(const Tree& at, Table& table) {
  AskOptions ask{.at = read_endpoint(at)};
  if (const auto* const lasts = table.find("for")) {
    ask.lasts = read_duration(lasts->value, "for");
  }
  return ask;
}

Update read_update(const Tree& tree, const Instances& instances) {
  Update update;
  for (const auto& [name, place, value] :
       yaml::entries_in(tree, "update", "INSTANCE: {PARAMETER: VALUE, ...}")) {
    const Tree word{.kind = Tree::Kind::word, .word = name, .place = place};
    update.parameters[read_instance_name(word, instances)] = read_parameters(value);
  }
  return update;
}

Step read_event(const std::string& event, const Tree& tree, Table& table,
                const Instances& instances) {
  if (event == "signal") {
    return {.what = read_signal(tree, table, instances)};
  }
  if (event == "run") {
    return {.what = read_run(tree, table)};
  }
  if (event == "ask") {
    return {.what = read_ask(tree, table)};
  }
  if (event == "update") {
    return {.what = read_update(tree, instances)};
  }
  const auto duration = read_duration(tree, event);
  if (event == "wait") {
    return {.what = Pass{.duration = duration}};
  }
  if (event == "suspend") {
    return {.what = Suspend{.duration = duration}};
  }
  return {.what = SetClock{.by = event == "set_clock_back" ? -duration : duration}};
}

// The first of the names that is a key of the table; null if none is.
template <typename Names>
const char* key_among(const Names& names, const Tree& tree) {
  const auto found = std::ranges::find_if(names, [&](const char* name) {
    return std::ranges::find(tree.entries, name, &yaml::Entry::key) != tree.entries.end();
  });
  return found == names.end() ? nullptr : *found;
}

Step read_what(Table& table, const Instances& instances) {
  if (const char* const action = key_among(actions, table.tree())) {
    return {.what = read_call(action, table.need(action), table, instances)};
  }
  if (const char* const event = key_among(events, table.tree())) {
    return read_event(event, table.need(event), table, instances);
  }
  if (table.tree().entries.empty()) {
    throw yaml::Misread{table.tree().place,
                        "empty step: expected an action, an event or a change of the setup"};
  }
  Step step{.what = Change{.setup = read_setup(table, instances)}};
  // Look these up, so that the message about an unknown key lists them.
  for (const char* const name : actions) {
    (void)table.find(name);
  }
  for (const char* const name : events) {
    (void)table.find(name);
  }
  return step;
}

}  // namespace

std::string ended_before(const Step& step) {
  return "the agent ended before this could happen: " + step.text;
}

const Words<int>& signal_words() {
  static const Words<int> all = {
      {"TERM", SIGTERM}, {"KILL", SIGKILL}, {"STOP", SIGSTOP}, {"CONT", SIGCONT},
      {"HUP", SIGHUP},   {"INT", SIGINT},   {"CHLD", SIGCHLD}, {"ABRT", SIGABRT},
      {"PIPE", SIGPIPE}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
  };
  return all;
}

Step read_step(Table& table, const Instances& instances) {
  Step step = read_what(table, instances);
  step.place = table.tree().place;
  for (const auto& [key, place, value] : table.tree().entries) {
    step.text += (step.text.empty() ? "" : ", ") + key + " " + yaml::flow_text(value);
  }
  return step;
}

}  // namespace sim
