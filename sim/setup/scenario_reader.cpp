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
    Table keys(setup->value, "setup");
    scenario.setup = read_setup(keys, scenario.instances);
    keys.finish();
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
      {"", "claim", "a text", "the statement that the scenario demonstrates"},
      {"", "source", "a text", "the reason for it: a measured fact, an issue from the field"},
      {"", "seed", "a number", "seed of the random numbers; --seed overrides it"},
      {"", "instances", "NAME: {PARAMETER: VALUE, ...}", "the resources of the cluster"},
      {"setup", "kamailio, sipsak, kamctl", "{OPTION: VALUE, ...}", "how the programs behave"},
      {"setup", "servers", "INSTANCE: {OPTION: VALUE, ...}",
       "how the kamailio of one instance behaves; overrides kamailio"},
      {"setup", "files",
       "PATH: TEXT, or {mode, owner} with text, pid_of: INSTANCE, foreign_pid: living, dead or "
       "zombie, copy_of: PATH, link_to: PATH or kind: directory or fifo (held_open: yes or no)",
       "in addition to those of a Debian node; pid_of: the text is the PID of an instance; "
       "foreign_pid: that of a process that is not Kamailio; held_open: a process has it open and "
       "never reads"},
      {"setup", "without", "a list of paths", "removes these files"},
      {"setup", "storage", "PATH: full, read_only or sound",
       "the state of the storage below the path"},
      {"setup", "faults",
       "a list of {at: PATH, error: EIO, EACCES, EROFS, ENOSPC, ENOENT, EMFILE or ESTALE, "
       "call: open, read, write, mkdir, rmdir, unlink, stat, lstat or access, times: a number}",
       "the calls that fail, by default all; times: the number of failures; as a step, it replaces "
       "earlier faults"},
      {"setup", "weather",
       "{delay and jitter: a time, loss, duplication and reordering: 0 to 1, silence: no, "
       "of_requests, of_answers or of_all}",
       "the treatment of packets; as a step, it replaces the earlier weather"},
      {"setup", "strangers",
       "a list of {arguments: a list, runs: PATH, user, in: machine, pid_namespace or container, "
       "hangs_in_kernel: yes or no, ends_after and exits_for: a time, udp_port, of: INSTANCE}",
       "additional idle processes; runs: the program, by default the first argument, empty if "
       "unknown to the agent; udp_port: bound beside a server; of: the process belongs to that "
       "instance"},
      {"setup", "responders", "udp:ADDRESS:PORT or tcp:ADDRESS:PORT: {OPTION: VALUE, ...}",
       "SIP servers that are not Kamailio; options as those of responder below"},
      {"setup", "exits_for", "INSTANCE: a time",
       "how long each of its processes takes to exit, without arguments and with its ports"},
      {"setup", "process_table", "{error: as of faults, times: a number}",
       "the agent cannot list processes; times: the number of failures; {}: ends the fault"},
      {"step",
       "start, stop, monitor, status, validate-all, notify, reload-agent, meta-data, promote, "
       "demote, migrate_to, migrate_from, reload, restart",
       "INSTANCE",
       "calls the agent; with timeout (a time, 30s by default), killed_after (a time), by (" +
           yaml::alternatives(cluster::callers()) +
           ": the caller, which sets the environment), meanwhile (a list of signals and changes of "
           "the setup while it runs, each with after: a time) and, for monitor and status, "
           "interval (a time, 10s by default, 0s: it does not recur), and for these and "
           "validate-all check_level (0, 10, 20 or 30)"},
      {"step", "wait", "a time", "lets time pass"},
      {"step", "signal", yaml::alternatives(signal_words()),
       "sends a signal; to: main, all, children or first_child, of: INSTANCE; without instances to "
       "every Kamailio"},
      {"step", "run", "a list: a program and its arguments",
       "runs a program without the agent; with as: USER, environment: {NAME: VALUE, ...} and for "
       "(a time, 120s by default), after which it gets SIGTERM, and SIGKILL 2s later"},
      {"step", "ask", "udp:ADDRESS:PORT or tcp:ADDRESS:PORT",
       "sends one OPTIONS request; for (a time, 500ms by default): how long it waits"},
      {"step", "suspend", "a time", "suspends the machine for this time"},
      {"step", "set_clock_back, set_clock_forward", "a time", "changes the wall clock"},
      {"step", "update", "INSTANCE: {PARAMETER: VALUE, ...}", "changes parameters of resources"},
      {"step", "any key of setup", "",
       "changes the setup; a running server changes immediately, except for options that count "
       "from its start"},
  };
}

}  // namespace sim
