#pragma once

#include "agent/host/environment.h"
#include "agent/host/network.h"
#include "sim/machine/sockets.h"
#include "sim/setup/node.h"
#include "sim/setup/profile_reader.h"
#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sim {

// A setup, the instances that a cluster runs, and the steps. docs/simulator.md describes the files.

struct PlacedFile {
  // The kind of file. A copy, a link and a FIFO replace an existing file.
  enum class Kind { text, copy, link, directory, fifo };

  yaml::Place place;  // in the scenario's file
  std::string path;
  Kind kind = Kind::text;
  std::string text;
  std::string pid_of = {};  // an instance whose main process's PID is the text
  // The text is the PID of a process unrelated to Kamailio.
  enum class ForeignPid { no, living, dead, zombie } foreign_pid = ForeignPid::no;
  bool is_held_open = false;  // of a FIFO: a process has it open without reading
  std::string source = {};    // of a copy or a link: another path
  unsigned mode = 0644;       // a link has none
  std::string user = "root";
  std::string group = "root";
};

// A SIP server that is not Kamailio, at an address of udp or tcp.
struct PlacedResponder {
  yaml::Place place;
  host::Endpoint at;
  yaml::Tree behaviour;  // for read_behaviour()
};

struct StorageOf {
  yaml::Place place;
  std::string path;
  Storage storage = Storage::sound;
};

// An additional process that only exists and ends.
struct Stranger {
  std::vector<std::string> arguments;
  std::string program;  // the path of its program; empty: unknown to all
  std::string user = "root";
  std::string of = {};  // the process belongs to that instance; empty: to none
  enum class Place { machine, pid_namespace, container } place = Place::machine;
  bool hangs_in_kernel = false;
  host::Duration ends_after = never;
  host::Duration exits_for{};                  // time from its end until it is gone
  std::optional<std::uint16_t> udp_port = {};  // bound by the process beside a server
};

struct TableFailure {
  std::optional<int> error;  // nothing: no failure
  int times = 0;             // 0: always
};

struct PlacedFault {
  yaml::Place place;
  std::string path;
  FileFault fault;
};

// The differences from a standard node. Omitted parts stay unchanged.
struct Setup {
  std::vector<ProfileChange> programs;           // of all instances
  std::map<std::string, ProfileChange> servers;  // of the kamailio of one instance
  std::vector<PlacedFile> files;
  struct Missing {
    yaml::Place place;
    std::string path;
  };
  std::vector<Missing> without;
  std::vector<StorageOf> storages;
  std::optional<std::vector<PlacedFault>> faults;  // replaces all faults
  std::optional<Weather> weather;
  std::vector<Stranger> strangers;
  std::vector<PlacedResponder> responders;
  std::map<std::string, host::Duration> exits_for;  // of the current processes of an instance
  std::optional<TableFailure> process_table;
};

using Instances = std::map<std::string, cluster::Resource>;  // by name

// Steps.

struct Step;
struct CallAgent {
  std::string action;
  std::string instance;
  Operation operation;
  std::vector<Step> meanwhile = {};  // signals and changes of the setup while the agent runs
};
struct Pass {
  host::Duration duration{};
};
struct SendSignal {
  int signal = 0;
  Whom whom = Whom::main;
  std::string instance;  // empty: any running Kamailio
  host::Duration watched =
      std::chrono::milliseconds(300);  // how long nothing may change before the step ends
};
// Runs a program without the agent, such as kamctl by an administrator.
struct RunProgram {
  std::vector<std::string> arguments;  // the first: a name in /usr/sbin or /usr/bin, or a path
  std::string user = "root";
  host::Environment environment = {};  // in addition to that of helpers (host/environment.h)
  // After this time it gets SIGTERM, and SIGKILL 2 s later. The default is longer than any program
  // takes.
  host::Duration lasts = std::chrono::seconds(120);
};
// Sends one OPTIONS request.
struct AskOptions {
  host::Endpoint at;
  host::Duration lasts = std::chrono::milliseconds(500);  // the time-out of the response
};
// Suspends the machine: its monotonic clock stops, and the wall clock continues.
struct Suspend {
  host::Duration duration{};
};
struct SetClock {
  host::Duration by{};  // may be negative
};
// An administrator changes parameters of resources: `pcs resource update`.
struct Update {
  std::map<std::string, std::map<std::string, std::string>> parameters;  // by instance
};
// Changes the setup without any process; running programs continue.
struct Change {
  Setup setup;
};

struct Step {
  std::variant<CallAgent, Pass, SendSignal, RunProgram, AskOptions, Suspend, SetClock, Update,
               Change>
      what;
  std::string text;  // for the timeline
  yaml::Place place = {};
  host::Duration after{};  // of a step in `meanwhile`: since the agent was called
};

// The error if the agent ended before this step of `meanwhile`.
[[nodiscard]] std::string ended_before(const Step& step);

struct Scenario {
  std::string claim;
  std::string source;  // a measured fact, an issue from the field
  std::uint64_t seed = 1;
  Setup setup;
  Instances instances;
  std::vector<Step> steps;
};

[[nodiscard]] tl::expected<Scenario, yaml::BadInput> read_scenario(const std::string& file,
                                                                   const std::string& text);

// The keys of scenarios with their meanings, for the list of keys.
struct ScenarioWord {
  std::string where;
  std::string name;
  std::string allowed;
  std::string meaning;
};
[[nodiscard]] std::vector<ScenarioWord> scenario_words();

}  // namespace sim
