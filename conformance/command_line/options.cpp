#include "conformance/command_line/options.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr int bad_input = 2;

const std::vector<std::pair<std::string, Rig>>& rigs() {
  static const std::vector<std::pair<std::string, Rig>> all = {
      {"simulated", Rig::simulated},
      {"fakes", Rig::fakes},
      {"live", Rig::live},
      {"contract", Rig::contract},
  };
  return all;
}

template <typename Value>
CLI::IsMember one_of(const std::vector<std::pair<std::string, Value>>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    names.push_back(name);
  }
  return CLI::IsMember(names);
}

template <typename Value>
Value value_of(const std::string& name, const std::vector<std::pair<std::string, Value>>& words) {
  return std::ranges::find(words, name, &std::pair<std::string, Value>::first)->second;
}

constexpr const char* about =
    "Checks whether an OCF resource agent keeps its contract.\n"
    "\n"
    "With an AGENT and no --rig, runs the checks of OCF RA API 1.1, each on a node: namespaces "
    "with\n"
    "this machine's programs and separate files. Without --share nothing on this machine is "
    "changed.\n"
    "An agent called kamailio finds a fake Kamailio on its node. Without an AGENT and --rig, runs "
    "the\n"
    "scenarios of ocf:sip:kamailio in the simulator. AGENT is ocf:PROVIDER:TYPE or the path of an\n"
    "executable.";

constexpr const char* exit_codes =
    "A rig is where checks run: contract (the checks of any agent), or for the scenarios of\n"
    "ocf:sip:kamailio simulated (virtual time), fakes (real processes, fake Kamailio and tools),\n"
    "live (the real Kamailio).\n"
    "\n"
    "Examples:\n"
    "  ocf-conformance -o state=/run/test.state ocf:heartbeat:Dummy\n"
    "  ocf-conformance -o listen_address=192.168.159.128 --second port=5070 ocf:sip:kamailio\n"
    "  ocf-conformance --rig live ocf:sip:kamailio\n"
    "\n"
    "Exit codes: 0 no check failed; 1 a check failed or could not be run, or rigs differ;\n"
    "2 invalid command line or file, no check matches the filter, or a rig cannot be used on\n"
    "this machine; 130 interrupted by SIGINT or SIGTERM.";

// An XML id without a colon, as in Pacemaker.
bool is_resource_name(const std::string& name) {
  const auto is_part = [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '_' || letter == '-' || letter == '.';
  };
  return !name.empty() && std::ranges::all_of(name, is_part) &&
         (std::isalpha(static_cast<unsigned char>(name.front())) != 0 || name.front() == '_');
}

// Conditions that CLI11 cannot check.
std::string wrong_in(const Options& options) {
  if (options.plays_recordings && !options.agent.empty()) {
    return "--recordings runs programs and no agent: leave " + options.agent + " out";
  }
  if (options.plays_recordings && options.rigs.contains(Rig::contract)) {
    return "--recordings does not play on --rig contract: use simulated, fakes or live";
  }
  if (options.records && (!options.plays_recordings || options.rigs != std::set<Rig>{Rig::live})) {
    return "--record needs --recordings --rig live: recordings are of the real programs";
  }
  if (!is_resource_name(options.resource)) {
    return "invalid -n '" + options.resource +
           "': expected letters, digits, '_', '-' and '.', with a letter or '_' at the beginning";
  }
  const auto is_on_nodes = options.rigs.contains(Rig::fakes) || options.rigs.contains(Rig::live) ||
                           options.rigs.contains(Rig::contract);
  if (!options.agent.empty() && !is_on_nodes) {
    return "--rig simulated runs the agent that is built into this program, not " + options.agent +
           "; use --rig fakes, live or contract";
  }
  return "";
}

bool is_within(const fs::path& path, const fs::path& directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first ==
         directory.end();
}

bool overlap(const fs::path& one, const fs::path& other) {
  return is_within(one, other) || is_within(other, one);
}

// A node creates these directories itself, and sharing them would create them on the machine.
std::string wrong_with_share(const fs::path& path, const std::set<std::string>& others) {
  for (const fs::path own : {"/dev", "/etc/kamailio", "/mnt", "/proc", "/run/kamailio",
                             "/run/resource-agents", "/sys", "/usr/bin", "/usr/lib", "/usr/sbin"}) {
    if (overlap(path, own)) {
      return "a node has its own " + own.string() + "; share a directory that does not overlap it";
    }
  }
  for (const auto& other : others) {
    if (overlap(path, other)) {
      return other + " is already shared";
    }
  }
  return "";
}

class Reader {
 public:
  explicit Reader(Options defaults) : options_(std::move(defaults)) {
    app_.footer(exit_codes);
    add_questions();
    add_ways();
    add_reports();
  }

  tl::expected<Options, Instead> read(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForVersion& version) {
      return tl::unexpected(Instead{.exit_code = 0, .text = std::string(version.what()) + "\n"});
    } catch (const CLI::Success&) {
      return tl::unexpected(Instead{.exit_code = 0, .text = app_.help()});
    } catch (const CLI::ParseError& error) {
      return refuse(error.what());
    }
    if (const auto wrong = take_words(); !wrong.empty()) {
      return refuse(wrong);
    }
    if (const auto wrong = wrong_without_agent(); !wrong.empty()) {
      return refuse(wrong);
    }
    if (const auto wrong = wrong_in(options_); !wrong.empty()) {
      return refuse(wrong);
    }
    return std::move(options_);
  }

 private:
  static tl::unexpected<Instead> refuse(const std::string& why) {
    return tl::unexpected(Instead{.exit_code = bad_input,
                                  .text = why + "\nRun 'ocf-conformance --help' for usage.\n"});
  }

  // An empty AGENT is an error: a lost argument must not select the built-in agent.
  [[nodiscard]] std::string wrong_without_agent() const {
    if (agent_->count() > 0 && options_.agent.empty()) {
      return "AGENT is empty: expected ocf:PROVIDER:TYPE or a path";
    }
    const bool asks_contract = options_.rigs.contains(Rig::contract);
    if (!asks_contract && (name_->count() > 0 || !options_.second.empty())) {
      return std::string(name_->count() > 0 ? "-n" : "--second") +
             " applies only to the checks of any agent: use --rig contract";
    }
    return "";
  }

  void add_questions() {
    agent_ = app_.add_option("AGENT", options_.agent, "ocf:PROVIDER:TYPE or a path");
    name_ = app_.add_option("-n,--name", options_.resource, "name of the resource")
                ->capture_default_str();
    app_.add_option("-o,--parameter", parameters_,
                    "set a parameter of the resource, unless the scenario sets it; may be repeated")
        ->option_text("NAME=VALUE")
        ->allow_extra_args(false);
    app_.add_option(
            "--second", second_,
            "set a parameter of a second resource that can run beside the first; may be repeated")
        ->option_text("NAME=VALUE")
        ->allow_extra_args(false);
    app_.set_version_flag("--version", "ocf-conformance " SUITE_VERSION);
    app_.add_option("--rig", rigs_, "simulated, fakes, live, contract or all; may be repeated")
        ->option_text("RIG")
        ->allow_extra_args(false);
    app_.add_option("--filter", options_.filters,
                    "run only what has this in its name; may be repeated")
        ->option_text("TEXT")
        ->allow_extra_args(false);
    app_.add_flag("--recordings", options_.plays_recordings,
                  "play what the real programs do, instead of scenarios of the agent");
    app_.add_flag("--record", options_.records,
                  "with --recordings --rig live: write what differs into the recordings");
    app_.add_option("--profile", caller_,
                    "call the agent as this tool does, in the actions that the tool calls")
        ->check(one_of(cluster::callers()))
        ->capture_default_str();
  }

  void add_ways() {
    app_.add_option("-j,--jobs", options_.jobs,
                    "number of nodes at a time; may exceed the cores, since nodes mostly wait")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    constexpr double fastest = 100;
    app_.add_option("--rate", options_.rate,
                    "run clocks this many times faster on the rigs fakes and contract")
        ->check(CLI::Range(1.0, fastest))
        ->capture_default_str();
    app_.add_option("--share", shared_,
                    "let the agent write to this directory of the machine; may be repeated")
        ->option_text("DIRECTORY")
        ->check(CLI::ExistingDirectory)
        ->allow_extra_args(false);
    app_.add_flag("-d,--debug", options_.debugs, "run the agent with HA_debug=1");
    app_.add_flag("-X,--trace", options_.traces,
                  "run the agent with OCF_TRACE_RA=1; set where with --share DIR -o trace_dir=DIR");
    app_.add_option("--fixtures", options_.fixtures,
                    "directory of requirements/, scenarios/ and recordings/");
    app_.add_option("--fakes", options_.fakes,
                    "directory of fake-kamailio and the other fake programs");
  }

  void add_reports() {
    app_.add_flag("--coverage", options_.tells_coverage,
                  "print which checks cover which requirement");
    app_.add_flag("--list", options_.lists, "print what would run");
    app_.add_flag("-v,--verbose", options_.is_verbose, "print each result with its timeline");
    app_.add_flag("-q,--quiet", options_.is_quiet, "print only the summary");
    app_.add_flag("--strict", options_.is_strict, "treat SHOULD violations as failures");
    app_.add_flag("--tap", options_.tap, "print TAP");
    app_.add_option("--junit", options_.junit, "write a JUnit report to this file");
    app_.add_option("--html", options_.html, "write an HTML report to this file");
    app_.add_option("--markdown", options_.markdown, "write the failures to this file");
  }

  static std::string take_parameters(const std::string& option,
                                     const std::vector<std::string>& words,
                                     std::map<std::string, std::string>& parameters) {
    for (const auto& word : words) {
      const auto equals = word.find('=');
      if (equals == std::string::npos || equals == 0) {
        return "invalid " + option + " '" + word + "': expected NAME=VALUE";
      }
      parameters[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return "";
  }

  // The first error, if there is one.
  std::string take_words() {
    if (auto wrong = take_parameters("-o", parameters_, options_.parameters); !wrong.empty()) {
      return wrong;
    }
    if (auto wrong = take_parameters("--second", second_, options_.second); !wrong.empty()) {
      return wrong;
    }
    for (const auto& rig : rigs_) {
      if (rig == "all") {
        options_.rigs.insert({Rig::simulated, Rig::fakes, Rig::live});
        if (!options_.plays_recordings) {
          options_.rigs.insert(Rig::contract);
        }
        continue;
      }
      const auto found = std::ranges::find(rigs(), rig, &std::pair<std::string, Rig>::first);
      if (found == rigs().end()) {
        return "invalid --rig '" + rig + "': expected simulated, fakes, live, contract or all";
      }
      options_.rigs.insert(found->second);
    }
    if (options_.rigs.empty()) {
      options_.rigs.insert(options_.agent.empty() ? Rig::simulated : Rig::contract);
    }
    for (const auto& directory : shared_) {
      const auto path = fs::canonical(directory);
      if (auto wrong = wrong_with_share(path, options_.shared); !wrong.empty()) {
        return "--share " + directory + ": " + wrong;
      }
      options_.shared.insert(path);
    }
    options_.caller = value_of(caller_, cluster::callers());
    return "";
  }

  Options options_;
  std::vector<std::string> parameters_;
  std::vector<std::string> second_;
  std::vector<std::string> rigs_;
  std::vector<std::string> shared_;
  std::string caller_ = "pacemaker";
  CLI::App app_{about, "ocf-conformance"};
  CLI::Option* agent_ = nullptr;
  CLI::Option* name_ = nullptr;
};

}  // namespace

tl::expected<Options, Instead> read_options(int argc, const char* const* argv,
                                            const Options& defaults) {
  return Reader(defaults).read(argc, argv);
}

namespace {

std::string agents() {
  const char* const root = std::getenv("OCF_ROOT");
  return std::string(root != nullptr ? root : "/usr/lib/ocf") + "/resource.d";
}

// The parts of "ocf:PROVIDER:TYPE"; empty if the text has another form.
cluster::AgentName name_in(const std::string& word) {
  const auto colon = word.rfind(':');
  constexpr auto begin = std::string::size_type(4);  // behind "ocf:"
  if (colon < begin) {
    return {.provider = "", .type = ""};
  }
  return {.provider = word.substr(begin, colon - begin), .type = word.substr(colon + 1)};
}

}  // namespace

tl::expected<AgentFile, std::string> find_agent(const std::string& word) {
  AgentFile agent;
  if (word.starts_with("ocf:")) {
    agent.name = name_in(word);
    agent.path = agents() + "/" + agent.name.provider + "/" + agent.name.type;
    if (agent.name.provider.empty() || agent.name.type.empty()) {
      return tl::unexpected("invalid agent '" + word +
                            "': expected ocf:PROVIDER:TYPE, such as ocf:heartbeat:Dummy");
    }
  } else {
    const auto path = fs::absolute(word).lexically_normal();
    agent.path = path;
    agent.name = {.provider = path.parent_path().filename(), .type = path.filename()};
  }
  std::error_code error;
  if (fs::is_directory(agent.path, error)) {
    return tl::unexpected(agent.path + " is a directory: expected an executable file");
  }
  if (::access(agent.path.c_str(), X_OK) != 0) {
    return tl::unexpected(agent.path + ": " + std::generic_category().message(errno) +
                          (errno == EACCES ? "; expected an executable file" : ""));
  }
  return agent;
}

}  // namespace conformance
