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

// The command line of ocf-conformance, which accepts that of ocf-tester.
struct Options {
  // What to run.
  std::string agent;                              // ocf:PROVIDER:TYPE or a path; empty: our own
  std::string resource = "test";                  // -n
  std::map<std::string, std::string> parameters;  // -o
  std::map<std::string, std::string> second;      // -o of a second resource, where they differ
  std::set<Rig> rigs;
  std::vector<std::string> filters;  // parts of names; one of them must match
  cluster::Caller caller = cluster::Caller::pacemaker;
  bool plays_recordings = false;  // runs recordings instead of scenarios
  bool records = false;           // writes the observations of the rig live into the recordings

  // How to run it.
  int jobs = 16;        // nodes at a time
  double rate = 20;     // on the rigs fakes and contract
  bool debugs = false;  // -d: HA_debug
  bool traces = false;  // -X: OCF_TRACE_RA
  std::set<std::string>
      shared;  // canonical paths of directories of the machine that the agent may write to

  // What to print.
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

// The options of a command line. Otherwise what to print instead: the help (exit code 0), or the
// error (2).
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

// Finds an agent by ocf:PROVIDER:TYPE (below $OCF_ROOT, by default /usr/lib/ocf) or by a path,
// whose last two parts are its provider and type. Otherwise the error.
[[nodiscard]] tl::expected<AgentFile, std::string> find_agent(const std::string& word);

}  // namespace conformance
