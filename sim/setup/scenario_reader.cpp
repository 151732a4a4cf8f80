#include "agent/base/number.h"
#include "sim/setup/scenario.h"
#include "sim/setup/setup_reader.h"
#include "sim/setup/step_reader.h"
#include "sim/yaml/table.h"

#include <string>
#include <vector>

namespace sim {
namespace {

using yaml::Table;
using yaml::Tree;

std::uint64_t read_seed(const Tree& tree) {
  const auto& word = yaml::word_in(tree, "seed");
  const auto seed = base::number_in<std::uint64_t>(word);
  if (!seed) {
    yaml::reject(tree, "seed", "a whole number below 2^64");
  }
  return *seed;
}

Scenario read_scenario(const Tree& tree) {
  Table table(tree, "scenario");
  Scenario scenario{.claim = yaml::read_text(table, "claim"),
                    .source = yaml::read_text(table, "source")};
  if (const auto* const seed = table.find("seed")) {
    scenario.seed = read_seed(seed->value);
  }
  if (const auto* const instances = table.find("instances")) {
    scenario.instances = read_instances(instances->value);
  }
  if (const auto* const setup = table.find("setup")) {
    Table plan(setup->value, "setup");
    scenario.setup = read_setup(plan, scenario.instances);
    plan.finish();
  }
  const auto& steps = table.need("steps");
  if (yaml::list_in(steps, "steps").empty()) {
    throw yaml::Misread{steps.place, "empty steps: expected at least one step"};
  }
  for (const auto& entry : steps.items) {
    Table step(entry, "step");
    scenario.steps.push_back(read_step(step, scenario.instances));
    step.finish();
  }
  table.finish();
  return scenario;
}

}  // namespace

tl::expected<Scenario, yaml::BadInput> read_scenario(const std::string& file,
                                                     const std::string& text) {
  return yaml::read_as(file, text, [&](const Tree& tree) { return read_scenario(tree); });
}

std::vector<ScenarioWord> scenario_words() {
  return {
      {"", "claim", "a text", "what the scenario shows"},
      {"", "source", "a text", "why anybody cares: a measured fact, an issue from the field"},
      {"", "seed", "a number", "decides all chance; --seed goes before it"},
      {"", "instances", "NAME: {PARAMETER: VALUE, ...}", "the resources of the cluster"},
      {"setup", "kamailio, sipsak, kamctl", "{OPTION: VALUE, ...}", "how the programs behave"},
      {"setup", "servers", "INSTANCE: {OPTION: VALUE, ...}",
       "how the kamailio of one instance behaves, where it differs from kamailio"},
      {"setup", "files",
       "PATH: TEXT, or {mode, owner} with text, pid_of: INSTANCE, foreign_pid: living, dead or "
       "zombie, copy_of: PATH, link_to: PATH or kind: directory or fifo (held_open: yes or no)",
       "besides those of a Debian node; pid_of: the pid of an instance is the text; foreign_pid: "
       "that of a process that is not Kamailio; held_open: a process has it open and never reads"},
      {"setup", "without", "a list of paths", "what is missing"},
      {"setup", "storage", "PATH: full, read_only or sound", "what becomes of writes below it"},
      {"setup", "faults",
       "a list of {at: PATH, error: EIO, EACCES, EROFS, ENOSPC, ENOENT, EMFILE or ESTALE, "
       "call: open, read, write, mkdir, rmdir, unlink, stat, lstat or access, times: a number}",
       "all calls that fail; without a call, each does; times: so many of them; as a step, instead "
       "of those before"},
      {"setup", "weather",
       "{delay and jitter: a time, loss, duplication and reordering: 0 to 1, silence: no, "
       "of_requests, of_answers or of_all}",
       "what becomes of packets; as a step, instead of the weather before"},
      {"setup", "strangers",
       "a list of {arguments: a list, runs: PATH, user, in: machine, pid_namespace or container, "
       "hangs_in_kernel: yes or no, ends_after and exits_for: a time, udp_port, of: INSTANCE}",
       "more processes, which do nothing; runs: the program, if it is not the first argument, "
       "empty "
       "if nobody may know it; udp_port: bound beside a server; of: it is no stranger, but one of "
       "that instance"},
      {"setup", "responders", "udp:ADDRESS:PORT or tcp:ADDRESS:PORT: {OPTION: VALUE, ...}",
       "SIP servers that are not Kamailio; options as those of responder below"},
      {"setup", "exits_for", "INSTANCE: a time",
       "how long each of its processes is exiting at its end, without arguments and with its "
       "ports"},
      {"setup", "process_table", "{error: as of faults, times: a number}",
       "the agent cannot see any process, for so many looks; {}: it can"},
      {"step",
       "start, stop, monitor, status, validate-all, notify, reload-agent, meta-data, promote, "
       "demote, migrate_to, migrate_from, reload, restart",
       "INSTANCE",
       "the cluster calls the agent; with timeout (a time, usually 30s), killed_after (a time), "
       "by (pacemaker, pcs, crmsh or drbd-reactor: whose environment it gets) and, for monitor, "
       "status and validate-all, check_level (0, 10, 20 or 30)"},
      {"step", "wait", "a time", "time passes"},
      {"step", "signal", "TERM, KILL, STOP, CONT, HUP, INT, CHLD, ABRT, PIPE, USR1 or USR2",
       "to: main, all, children or first_child, of: INSTANCE; without instances to every Kamailio"},
      {"step", "run", "a list: a program and its arguments",
       "runs it without the agent; with as: USER, environment: {NAME: VALUE, ...} and for (a time, "
       "usually 120s), after which it gets SIGTERM, and SIGKILL 2s later"},
      {"step", "ask", "udp:ADDRESS:PORT or tcp:ADDRESS:PORT",
       "sends one OPTIONS request; for (a time, usually 500ms): how long it waits"},
      {"step", "suspend", "a time", "the machine sleeps that long"},
      {"step", "set_clock_back, set_clock_forward", "a time", "somebody sets the wall clock"},
      {"step", "update", "INSTANCE: {PARAMETER: VALUE, ...}", "parameters of resources change"},
      {"step", "any key of setup", "",
       "it becomes so; a server that runs changes at once, unless the option says since when"},
  };
}

}  // namespace sim
