#include "sim/kernel/number.h"
#include "sim/worlds/plot.h"
#include "sim/worlds/profile_reader.h"
#include "sim/yaml/values.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>
#include <utility>

namespace sim {
namespace {

using yaml::entries_in;
using yaml::read_one_of;
using yaml::Table;
using yaml::Tree;
using yaml::Words;

std::string read_path(const Tree& tree) {
  const auto& path = yaml::word_in(tree, "a path");
  if (!path.starts_with('/')) {
    yaml::reject(tree, "path", "absolute, as /run/kamailio");
  }
  return path;
}

unsigned read_mode(const Tree& tree) {
  constexpr int octal = 8;
  constexpr unsigned most = 07777;
  const auto& word = yaml::word_in(tree, "a mode");
  const auto mode = number_in<unsigned>(word, octal);
  if (!mode || *mode > most) {
    yaml::reject(tree, "mode", "an octal number, as \"0644\"");
  }
  return *mode;
}

double read_probability(const Tree& tree, const std::string& what) {
  const auto& word = yaml::word_in(tree, what);
  double number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || number < 0 || number > 1) {
    yaml::reject(tree, what, "a probability from 0 to 1");
  }
  return number;
}

std::string read_text(Table& table, std::string_view key) {
  const auto* const entry = table.find(key);
  return entry == nullptr ? "" : yaml::word_in(entry->value, key);
}

PlacedFile read_file(const std::string& path, const Tree& tree) {
  PlacedFile file{.path = path};
  if (tree.kind == Tree::Kind::word) {
    file.text = tree.word;
    return file;
  }
  Table table(tree, "a file");
  file.text = read_text(table, "text");
  if (const auto* const mode = table.find("mode")) {
    file.mode = read_mode(mode->value);
  }
  if (const auto* const owner = table.find("owner")) {
    const auto& word = yaml::word_in(owner->value, "an owner");
    const auto colon = word.find(':');
    if (colon == std::string::npos) {
      yaml::reject(owner->value, "owner", "USER:GROUP");
    }
    file.user = word.substr(0, colon);
    file.group = word.substr(colon + 1);
  }
  table.finish();
  return file;
}

void read_files(const Tree& tree, WorldPlan& plan) {
  for (const auto& [path, place, value] : entries_in(tree, "files", "PATH: TEXT")) {
    plan.files.push_back(
        read_file(read_path(Tree{.kind = Tree::Kind::word, .word = path, .place = place}), value));
  }
}

void read_storage(const Tree& tree, WorldPlan& plan) {
  const Words<Storage> states = {
      {"full", Storage::full}, {"read_only", Storage::read_only}, {"sound", Storage::sound}};
  for (const auto& [path, place, value] : entries_in(tree, "storage", "PATH: STATE")) {
    plan.storages.push_back(
        {.path = path, .storage = read_one_of(value, "state of a storage", states)});
  }
}

const Words<int>& errors() {
  static const Words<int> all = {
      {"EIO", EIO},       {"EACCES", EACCES}, {"EROFS", EROFS},   {"ENOSPC", ENOSPC},
      {"ENOENT", ENOENT}, {"EMFILE", EMFILE}, {"ESTALE", ESTALE},
  };
  return all;
}

const Words<FileCall>& calls() {
  static const Words<FileCall> all = {
      {"open", FileCall::open},   {"read", FileCall::read},   {"write", FileCall::write},
      {"mkdir", FileCall::mkdir}, {"rmdir", FileCall::rmdir}, {"unlink", FileCall::unlink},
      {"stat", FileCall::stat},   {"lstat", FileCall::lstat}, {"access", FileCall::access},
  };
  return all;
}

PlacedFault read_fault(const Tree& tree) {
  Table table(tree, "a fault");
  PlacedFault fault{.path = read_path(table.need("at"))};
  fault.fault.error = read_one_of(table.need("error"), "error", errors());
  if (const auto* const call = table.find("call")) {
    fault.fault.call = read_one_of(call->value, "call", calls());
  }
  table.finish();
  return fault;
}

Weather read_weather(const Tree& tree) {
  using Silence = Weather::Silence;
  Table table(tree, "the weather");
  Weather weather;
  if (const auto* const delay = table.find("delay")) {
    weather.delay = read_duration(delay->value, "delay");
  }
  if (const auto* const jitter = table.find("jitter")) {
    weather.jitter = read_duration(jitter->value, "jitter");
  }
  for (const auto& [name, member] :
       {std::pair<const char*, double Weather::*>{"loss", &Weather::loss},
        {"duplication", &Weather::duplication},
        {"reordering", &Weather::reordering}}) {
    if (const auto* const entry = table.find(name)) {
      weather.*member = read_probability(entry->value, name);
    }
  }
  if (const auto* const silence = table.find("silence")) {
    weather.silence = read_one_of<Silence>(silence->value, "silence",
                                           {{"no", Silence::none},
                                            {"of_requests", Silence::of_requests},
                                            {"of_answers", Silence::of_answers},
                                            {"of_all", Silence::of_all}});
  }
  table.finish();
  return weather;
}

using Instances = std::map<std::string, cluster::Resource>;

void reject_instance(const Tree& name, const Instances& instances) {
  std::vector<std::string> names;
  for (const auto& [known, instance] : instances) {
    names.push_back(known);
  }
  yaml::reject(name, "instance", yaml::alternatives(names));
}

void read_programs(Table& table, const Instances& instances, WorldPlan& plan) {
  if (const auto* const kamailio = table.find("kamailio")) {
    plan.kamailio = read_options("kamailio", kamailio->value).kamailio;
  }
  if (const auto* const sipsak = table.find("sipsak")) {
    plan.sipsak = read_options("sipsak", sipsak->value).sipsak;
  }
  if (const auto* const kamctl = table.find("kamctl")) {
    plan.kamctl = read_options("kamctl", kamctl->value).kamctl;
  }
  const auto* const servers = table.find("servers");
  if (servers == nullptr) {
    return;
  }
  for (const auto& [name, place, value] :
       entries_in(servers->value, "servers", "INSTANCE: {OPTION: VALUE, ...}")) {
    if (!instances.contains(name)) {
      reject_instance(Tree{.kind = Tree::Kind::word, .word = name, .place = place}, instances);
    }
    plan.servers[name] = read_options("kamailio", value).kamailio;
  }
}

WorldPlan read_plan(Table& table, const Instances& instances) {
  WorldPlan plan;
  read_programs(table, instances, plan);
  if (const auto* const files = table.find("files")) {
    read_files(files->value, plan);
  }
  if (const auto* const without = table.find("without")) {
    for (const auto& path : yaml::list_in(without->value, "without")) {
      plan.without.push_back(read_path(path));
    }
  }
  if (const auto* const storage = table.find("storage")) {
    read_storage(storage->value, plan);
  }
  if (const auto* const faults = table.find("faults")) {
    for (const auto& fault : yaml::list_in(faults->value, "faults")) {
      plan.faults.push_back(read_fault(fault));
    }
  }
  if (const auto* const weather = table.find("weather")) {
    plan.weather = read_weather(weather->value);
  }
  return plan;
}

cluster::Resource read_instance(const std::string& name, const Tree& tree) {
  cluster::Resource instance{.name = name};
  for (const auto& [parameter, place, value] :
       entries_in(tree, "an instance", "PARAMETER: VALUE")) {
    // A parameter may be set and empty.
    instance.parameters[parameter] =
        value.kind == Tree::Kind::nothing ? "" : yaml::word_in(value, parameter);
  }
  return instance;
}

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

class StepReader {
 public:
  explicit StepReader(const Instances& instances) : instances_(instances) {}

  Step read(const Tree& tree) {
    Table table(tree, "a step");
    Step step = read(table);
    table.finish();
    for (const auto& [key, place, value] : tree.entries) {
      step.text += (step.text.empty() ? "" : ", ") + key +
                   (value.kind == Tree::Kind::word ? " " + value.word : "");
    }
    return step;
  }

 private:
  Step read(Table& table) {
    for (const std::string action : actions) {
      if (const auto* const entry = table.find(action)) {
        return {.what = read_call(action, entry->value, table)};
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
      return {.what = read_signal(signal->value, table)};
    }
    if (table.tree().entries.empty()) {
      throw yaml::Misread{table.tree().place, "a step that does nothing"};
    }
    return {.what = Change{.plan = read_plan(table, instances_)}};
  }

  std::string read_name(const Tree& tree) const {
    const auto& name = yaml::word_in(tree, "an instance");
    if (!instances_.contains(name)) {
      reject_instance(tree, instances_);
    }
    return name;
  }

  CallAgent read_call(const std::string& action, const Tree& instance, Table& table) const {
    CallAgent call{.action = action, .instance = read_name(instance)};
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

  SendSignal read_signal(const Tree& signal, Table& table) const {
    return {.signal = read_one_of(signal, "signal", signals()),
            .whom = read_one_of(table.need("to"), "receiver", receivers()),
            .instance = read_name(table.need("of"))};
  }

  const Instances& instances_;
};

std::uint64_t read_seed(const Tree& tree) {
  const auto& word = yaml::word_in(tree, "a seed");
  const auto seed = number_in<std::uint64_t>(word);
  if (!seed) {
    yaml::reject(tree, "seed", "a whole number below 2^64");
  }
  return *seed;
}

Plot read_plot(const Tree& tree) {
  Table table(tree, "a world");
  Plot plot{.about = read_text(table, "about"), .source = read_text(table, "source")};
  if (const auto* const seed = table.find("seed")) {
    plot.seed = read_seed(seed->value);
  }
  for (const auto& [name, place, value] :
       entries_in(table.need("instances"), "instances", "NAME: {PARAMETER: VALUE, ...}")) {
    plot.instances[name] = read_instance(name, value);
  }
  if (const auto* const world = table.find("world")) {
    Table plan(world->value, "the world");
    plot.world = read_plan(plan, plot.instances);
    plan.finish();
  }
  StepReader reader(plot.instances);
  for (const auto& step : yaml::list_in(table.need("steps"), "steps")) {
    plot.steps.push_back(reader.read(step));
  }
  table.finish();
  return plot;
}

}  // namespace

tl::expected<Plot, yaml::BadInput> read_plot(const std::string& file, const std::string& text) {
  const auto tree = yaml::read_tree(file, text);
  if (!tree) {
    return tl::unexpected(tree.error());
  }
  try {
    return read_plot(*tree);
  } catch (const yaml::Misread& misread) {
    return tl::unexpected(
        yaml::BadInput{.file = file, .place = misread.place, .text = misread.text});
  }
}

std::vector<PlotWord> plot_words() {
  return {
      {"", "about", "a text", "what the world shows"},
      {"", "source", "a text", "why anybody cares: a measured fact, an issue from the field"},
      {"", "seed", "a number", "decides all chance; --seed goes before it"},
      {"", "instances", "NAME: {PARAMETER: VALUE, ...}", "the resources of the cluster"},
      {"world", "kamailio, sipsak, kamctl", "{OPTION: VALUE, ...}", "how the programs behave"},
      {"world", "servers", "INSTANCE: {OPTION: VALUE, ...}",
       "how the kamailio of one instance behaves"},
      {"world", "files", "PATH: TEXT or {text, mode, owner}", "besides those of a Debian node"},
      {"world", "without", "a list of paths", "what is missing"},
      {"world", "storage", "PATH: full, read_only or sound", "what becomes of writes below it"},
      {"world", "faults", "a list of {at: PATH, error: ERRNO, call: CALL}",
       "calls that fail; without a call, all"},
      {"world", "weather", "{delay, jitter, loss, duplication, reordering, silence}",
       "what becomes of packets"},
      {"step", "start, stop, monitor, validate-all, status, notify", "INSTANCE",
       "the cluster calls the agent; with timeout, check_level, killed_after"},
      {"step", "wait", "a time", "time passes"},
      {"step", "signal", "TERM, KILL, STOP, CONT, HUP or INT",
       "to: main, all, children or first_child, of: INSTANCE"},
      {"step", "suspend", "a time", "the machine sleeps that long"},
      {"step", "set_clock_back, set_clock_forward", "a time", "somebody sets the wall clock"},
      {"step", "any key of world", "", "it becomes so"},
  };
}

}  // namespace sim
