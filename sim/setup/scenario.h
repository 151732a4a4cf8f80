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

// What differs from a standard node, the instances that a cluster runs on it, and the steps. The
// language of its file is told in docs/simulator.md.

struct PlacedFile {
  // What is put there. A copy, a link and a FIFO take the place of what is there.
  enum class Kind { text, copy, link, directory, fifo };

  yaml::Place place;  // in the description
  std::string path;
  Kind kind = Kind::text;
  std::string text;
  std::string pid_of = {};  // an instance: the pid of its main process is the text
  // The text is the pid of a process that has nothing to do with Kamailio.
  enum class ForeignPid { no, living, dead, zombie } foreign_pid = ForeignPid::no;
  bool is_held_open = false;  // of a FIFO: a process has it open and never reads
  std::string source = {};    // of a copy or a link: another path
  unsigned mode = 0644;       // a link has none
  std::string user = "root";
  std::string group = "root";
};

// A SIP server that is not Kamailio, at an address of udp or tcp.
struct PlacedResponder {
  yaml::Place place;
  host::Endpoint at;
  yaml::Tree behaviour;  // as read_behaviour() reads it
};

struct StorageOf {
  yaml::Place place;
  std::string path;
  Storage storage = Storage::sound;
};

// A process that is there besides the servers and tools, and does nothing but end.
struct Stranger {
  std::vector<std::string> arguments;
  std::string program;  // the path of what it runs; empty: nobody may know
  std::string user = "root";
  std::string of = {};  // it is one of that instance; empty: it is nobody's
  enum class Place { machine, pid_namespace, container } place = Place::machine;
  bool hangs_in_kernel = false;
  host::Duration ends_after = never;
  host::Duration exits_for{};                  // from its end until it is gone
  std::optional<std::uint16_t> udp_port = {};  // which it has bound beside a server
};

struct TableFailure {
  std::optional<int> error;  // nothing: it is well
  int times = 0;             // 0: always
};

struct PlacedFault {
  yaml::Place place;
  std::string path;
  FileFault fault;
};

// What is different from a usual node; what is left out stays as it is.
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
  std::optional<std::vector<PlacedFault>> faults;  // all that there are
  std::optional<Weather> weather;
  std::vector<Stranger> strangers;
  std::vector<PlacedResponder> responders;
  std::map<std::string, host::Duration> exits_for;  // of the processes that an instance has
  std::optional<TableFailure> process_table;
};

using Instances = std::map<std::string, cluster::Resource>;  // by name

// Steps.

struct CallAgent {
  std::string action;
  std::string instance;
  Operation operation;
};
struct Pass {
  host::Duration duration{};
};
struct SendSignal {
  int signal = 0;
  Whom whom = Whom::main;
  std::string instance;                                     // empty: to whatever Kamailio runs
  host::Duration watched = std::chrono::milliseconds(300);  // so long nothing changes any more
};
// A program is run without the agent, such as kamctl by an administrator.
struct RunProgram {
  std::vector<std::string> arguments;  // the first: a name in /usr/sbin or /usr/bin, or a path
  std::string user = "root";
  host::Environment environment = {};  // besides that of helpers (host/environment.h)
  // Then it gets SIGTERM, and SIGKILL 2 s later. The default: longer than anything that ends.
  host::Duration lasts = std::chrono::seconds(120);
};
// Somebody sends one OPTIONS request.
struct AskOptions {
  host::Endpoint at;
  host::Duration lasts = std::chrono::milliseconds(500);  // that long it waits for a response
};
// The machine is asleep: no time passes for it, and the wall clock goes on.
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
// Things become so, behind everybody's back; programs that run go on as they are.
struct Change {
  Setup plan;
};

struct Step {
  std::variant<CallAgent, Pass, SendSignal, RunProgram, AskOptions, Suspend, SetClock, Update,
               Change>
      what;
  std::string text;  // for people
  yaml::Place place = {};
};

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

// The key of every step and option, with its meaning, for those who look for what there is.
struct ScenarioWord {
  std::string where;
  std::string name;
  std::string allowed;
  std::string meaning;
};
[[nodiscard]] std::vector<ScenarioWord> scenario_words();

}  // namespace sim
