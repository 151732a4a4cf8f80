#pragma once

#include "sim/cluster/call.h"

#include <tl/expected.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace conformance {

enum class Rig { simulated, fakes, live, contract };

// How ocf-conformance is called. It takes the whole command line of ocf-tester.
struct Options {
  // What is asked.
  std::string agent;                              // ocf:PROVIDER:TYPE or a path; empty: our own
  std::string resource = "test";                  // -n
  std::map<std::string, std::string> parameters;  // -o
  std::map<std::string, std::string> second;      // of another resource, where they differ
  std::set<Rig> rigs;
  std::vector<std::string> filters;  // parts of names; any of them
  cluster::Caller caller = cluster::Caller::pacemaker;
  bool plays_recordings = false;  // what the real programs do, instead of scenarios of the agent
  bool records = false;           // writes what was seen on the rig live into the recordings

  // How.
  int jobs = 16;        // nodes at a time
  double rate = 20;     // on the rigs fakes and contract
  bool debugs = false;  // -d: HA_debug
  bool traces = false;  // -X: OCF_TRACE_RA
  std::set<std::string>
      shared;  // canonical paths of directories of the machine that the agent may write to

  // What is told.
  bool lists = false;
  bool tells_coverage = false;
  bool is_verbose = false;
  bool is_quiet = false;
  bool is_strict = false;
  bool tap = false;
  std::string junit;  // files; empty: none
  std::string html;
  std::string markdown;

  std::string fixtures;
  std::string fakes;  // the directory of the fake programs
};

// What a command line means, or what to print instead: the help (exit code 0), or what is wrong
// with it (2).
struct Instead {
  int exit_code = 0;
  std::string text;
};
[[nodiscard]] tl::expected<Options, Instead> read_options(int argc, const char* const* argv,
                                                          const Options& defaults);

// An agent as an executable.
struct AgentFile {
  std::string path;  // absolute
  cluster::AgentName name;
};

// What was asked for as ocf:PROVIDER:TYPE (below $OCF_ROOT, usually /usr/lib/ocf) or as a path,
// whose last two parts are taken for the provider and the type. Otherwise why there is none.
[[nodiscard]] tl::expected<AgentFile, std::string> find_agent(const std::string& word);

}  // namespace conformance
