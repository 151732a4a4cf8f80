#include "sim/setup/setup_reader.h"

#include "agent/base/number.h"
#include "agent/kamailio/spec.h"
#include "sim/setup/profile_reader.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {
namespace {

using yaml::entries_in;
using yaml::read_one_of;
using yaml::Table;
using yaml::Tree;
using yaml::Words;

std::string read_path(const Tree& tree) {
  const auto& path = yaml::word_in(tree, "path");
  if (!path.starts_with('/')) {
    yaml::reject(tree, "path", "an absolute path, as /run/kamailio");
  }
  return path;
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

// Reads the one key that decides what the file is.
void read_kind(Table& table, const Instances& instances, PlacedFile& file) {
  using Kind = PlacedFile::Kind;
  constexpr unsigned executable = 0755;
  int said = 0;
  if (table.find("text") != nullptr) {
    file.text = yaml::read_text(table, "text");
    ++said;
  }
  if (const auto* const instance = table.find("pid_of")) {
    file.pid_of = read_instance_name(instance->value, instances);
    ++said;
  }
  if (const auto* const process = table.find("foreign_pid")) {
    using Foreign = PlacedFile::ForeignPid;
    file.foreign_pid = read_one_of<Foreign>(
        process->value, "foreign_pid",
        {{"living", Foreign::living}, {"dead", Foreign::dead}, {"zombie", Foreign::zombie}});
    ++said;
  }
  for (const auto& [key, kind] : {std::pair{"copy_of", Kind::copy}, {"link_to", Kind::link}}) {
    if (const auto* const source = table.find(key)) {
      file.kind = kind;
      file.source = read_path(source->value);
      ++said;
    }
  }
  if (const auto* const kind = table.find("kind")) {
    file.kind = read_one_of<Kind>(kind->value, "kind of file",
                                  {{"directory", Kind::directory}, {"fifo", Kind::fifo}});
    ++said;
  }
  if (const auto* const held = file.kind == Kind::fifo ? table.find("held_open") : nullptr) {
    file.is_held_open = yaml::read_yes_or_no(held->value, "held_open");
  }
  if (file.kind == Kind::copy || file.kind == Kind::directory) {
    file.mode = executable;
  }
  if (said > 1) {
    throw yaml::Misread{
        table.tree().place,
        "too many kinds of " + file.path +
            ": expected one of text, pid_of, foreign_pid, copy_of, link_to or kind"};
  }
}

PlacedFile read_file(const yaml::Place& place, const std::string& path, const Tree& tree,
                     const Instances& instances) {
  PlacedFile file{.place = place, .path = path};
  if (tree.kind == Tree::Kind::word) {
    file.text = tree.word;
    return file;
  }
  Table table(tree, "file");
  read_kind(table, instances, file);
  if (const auto* const mode = file.kind == PlacedFile::Kind::link ? nullptr : table.find("mode")) {
    file.mode = read_mode(mode->value);
  }
  if (const auto* const owner = table.find("owner")) {
    const auto& word = yaml::word_in(owner->value, "owner");
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

void read_files(const Tree& tree, const Instances& instances, Setup& setup) {
  for (const auto& [path, place, value] : entries_in(tree, "files", "PATH: TEXT")) {
    setup.files.push_back(
        read_file(place, read_path(Tree{.kind = Tree::Kind::word, .word = path, .place = place}),
                  value, instances));
  }
}

void read_storage(const Tree& tree, Setup& setup) {
  const Words<Storage> states = {
      {"full", Storage::full}, {"read_only", Storage::read_only}, {"sound", Storage::sound}};
  for (const auto& [path, place, value] : entries_in(tree, "storage", "PATH: STATE")) {
    setup.storages.push_back(
        {.place = place, .path = path, .storage = read_one_of(value, "storage state", states)});
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

int read_times(Table& table) {
  constexpr int most = 1000;
  const auto* const times = table.find("times");
  return times == nullptr ? 0 : yaml::read_number(times->value, "times", 1, most);
}

PlacedFault read_fault(const Tree& tree) {
  Table table(tree, "fault");
  PlacedFault fault{.place = tree.place, .path = read_path(table.need("at"))};
  fault.fault.error = read_one_of(table.need("error"), "error", errors());
  if (const auto* const call = table.find("call")) {
    fault.fault.call = read_one_of(call->value, "call", calls());
  }
  fault.fault.times = read_times(table);
  table.finish();
  return fault;
}

Weather read_weather(const Tree& tree) {
  using Silence = Weather::Silence;
  Table table(tree, "weather");
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

void read_programs(Table& table, const Instances& instances, Setup& setup) {
  for (const std::string program : {"kamailio", "sipsak", "kamctl"}) {
    if (const auto* const options = table.find(program)) {
      setup.programs.push_back(read_options(program, options->value));
    }
  }
  const auto* const servers = table.find("servers");
  if (servers == nullptr) {
    return;
  }
  for (const auto& [name, place, value] :
       entries_in(servers->value, "servers", "INSTANCE: {OPTION: VALUE, ...}")) {
    const Tree word{.kind = Tree::Kind::word, .word = name, .place = place};
    setup.servers[read_instance_name(word, instances)] = read_options("kamailio", value);
  }
}

// The agent ignores unknown parameters, so a misspelt one would have no effect.
void check_parameter(const std::string& name, const yaml::Place& place) {
  std::vector<std::string> names;
  for (const auto& parameter : kamailio::agent_spec().parameters) {
    names.push_back(parameter.name);
  }
  if (std::ranges::find(names, name) == names.end()) {
    yaml::reject({.kind = Tree::Kind::word, .word = name, .place = place}, "parameter",
                 yaml::alternatives(names));
  }
}

Stranger read_stranger(const Tree& tree, const Instances& instances) {
  using Place = Stranger::Place;
  constexpr int highest_port = 65535;
  Table table(tree, "stranger");
  Stranger stranger{.arguments = yaml::words_in(table.need("arguments"), "arguments")};
  if (stranger.arguments.empty()) {
    throw yaml::Misread{tree.place, "empty arguments: expected at least one argument"};
  }
  const auto* const program = table.find("runs");
  stranger.program =
      program == nullptr ? stranger.arguments.front() : yaml::word_in(program->value, "program");
  if (const auto* const user = table.find("user")) {
    stranger.user = yaml::word_in(user->value, "user");
  }
  if (const auto* const instance = table.find("of")) {
    stranger.of = read_instance_name(instance->value, instances);
  }
  if (const auto* const place = table.find("in")) {
    stranger.place = read_one_of<Place>(place->value, "place",
                                        {{"machine", Place::machine},
                                         {"pid_namespace", Place::pid_namespace},
                                         {"container", Place::container}});
  }
  if (const auto* const hangs = table.find("hangs_in_kernel")) {
    stranger.hangs_in_kernel = yaml::read_yes_or_no(hangs->value, "hangs_in_kernel");
  }
  if (const auto* const end = table.find("ends_after")) {
    stranger.ends_after = read_duration(end->value, "ends_after");
  }
  if (const auto* const exit = table.find("exits_for")) {
    stranger.exits_for = read_duration(exit->value, "exits_for");
  }
  if (const auto* const port = table.find("udp_port")) {
    stranger.udp_port =
        static_cast<std::uint16_t>(yaml::read_number(port->value, "port", 1, highest_port));
  }
  table.finish();
  return stranger;
}

void read_strangers(const Tree& tree, const Instances& instances, Setup& setup) {
  for (const auto& stranger : yaml::list_in(tree, "strangers")) {
    setup.strangers.push_back(read_stranger(stranger, instances));
  }
}

TableFailure read_table_failure(const Tree& tree) {
  Table table(tree, "process table");
  TableFailure failure;
  if (const auto* const error = table.find("error")) {
    failure.error = read_one_of(error->value, "error", errors());
  }
  failure.times = read_times(table);
  table.finish();
  return failure;
}

}  // namespace

Instances read_instances(const Tree& tree) {
  Instances instances;
  const auto& entries = entries_in(tree, "instances", "NAME: {PARAMETER: VALUE, ...}");
  if (entries.empty()) {
    throw yaml::Misread{tree.place, "empty instances: expected at least one instance"};
  }
  for (const auto& [name, place, value] : entries) {
    instances[name] = {.name = name, .parameters = read_parameters(value)};
  }
  return instances;
}

std::map<std::string, std::string> read_parameters(const Tree& tree) {
  std::map<std::string, std::string> parameters;
  for (const auto& [name, place, value] : entries_in(tree, "instance", "PARAMETER: VALUE")) {
    check_parameter(name, place);
    // A parameter may be set and empty.
    parameters[name] = value.kind == Tree::Kind::nothing ? "" : yaml::word_in(value, name);
  }
  return parameters;
}

std::string read_instance_name(const Tree& tree, const Instances& instances) {
  const auto& name = yaml::word_in(tree, "instance");
  if (instances.empty()) {
    throw yaml::Misread{tree.place, "unknown instance \"" + name + "\": add instances: {" + name +
                                        ": {PARAMETER: VALUE, ...}}"};
  }
  if (!instances.contains(name)) {
    std::vector<std::string> names;
    for (const auto& [known, instance] : instances) {
      names.push_back(known);
    }
    yaml::reject(tree, "instance", yaml::alternatives(names));
  }
  return name;
}

unsigned read_mode(const Tree& tree) {
  constexpr int octal = 8;
  constexpr unsigned most = 07777;
  const auto& word = yaml::word_in(tree, "mode");
  const auto mode = base::number_in<unsigned>(word, octal);
  if (!mode || *mode > most) {
    yaml::reject(tree, "mode", "an octal number, as \"0644\"");
  }
  return *mode;
}

Setup read_setup(Table& table, const Instances& instances) {
  Setup setup;
  read_programs(table, instances, setup);
  if (const auto* const files = table.find("files")) {
    read_files(files->value, instances, setup);
  }
  if (const auto* const without = table.find("without")) {
    for (const auto& path : yaml::list_in(without->value, "without")) {
      setup.without.push_back({.place = path.place, .path = read_path(path)});
    }
  }
  if (const auto* const storage = table.find("storage")) {
    read_storage(storage->value, setup);
  }
  if (const auto* const faults = table.find("faults")) {
    setup.faults.emplace();
    for (const auto& fault : yaml::list_in(faults->value, "faults")) {
      setup.faults->push_back(read_fault(fault));
    }
  }
  if (const auto* const weather = table.find("weather")) {
    setup.weather = read_weather(weather->value);
  }
  if (const auto* const strangers = table.find("strangers")) {
    read_strangers(strangers->value, instances, setup);
  }
  if (const auto* const responders = table.find("responders")) {
    for (const auto& [at, place, value] :
         entries_in(responders->value, "responders", "udp:ADDRESS:PORT: {replies: [...]}")) {
      const Tree word{.kind = Tree::Kind::word, .word = at, .place = place};
      (void)read_behaviour(value);
      setup.responders.push_back({.place = place, .at = read_endpoint(word), .behaviour = value});
    }
  }
  if (const auto* const exits = table.find("exits_for")) {
    for (const auto& [name, place, value] :
         entries_in(exits->value, "exits_for", "INSTANCE: TIME")) {
      const Tree word{.kind = Tree::Kind::word, .word = name, .place = place};
      setup.exits_for[read_instance_name(word, instances)] = read_duration(value, "exits_for");
    }
  }
  if (const auto* const failure = table.find("process_table")) {
    setup.process_table = read_table_failure(failure->value);
  }
  return setup;
}

}  // namespace sim
