#include "conformance/node/time.h"
#include "conformance/report/text.h"
#include "conformance/run/plan.h"
#include "conformance/scenario/suite.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <set>
#include <string>
#include <vector>

// ocf-conformance: does an agent keep its contract?

namespace {

using conformance::Outcome;

constexpr int failed = 1;
constexpr int bad_input = 2;
constexpr int interrupted = 130;

struct Options {
  std::string fixtures = FIXTURES;
  std::string filter;
  std::vector<std::string> rigs = {"simulated"};
  std::string agent = BUILT_AGENT;
  int jobs = 16;
  double rate = 20;
  bool lists = false;
  bool is_verbose = false;
};

int run(const conformance::Suite& suite, const Options& options) {
  std::vector<conformance::Scenario> scenarios;
  std::ranges::copy_if(suite.scenarios, std::back_inserter(scenarios), [&](const auto& scenario) {
    return scenario.name().find(options.filter) != std::string::npos;
  });
  if (scenarios.empty()) {
    std::cerr << "--filter " << options.filter
              << ": no scenario has that in its name; see --list\n";
    return bad_input;
  }
  if (options.lists) {
    for (const auto& scenario : scenarios) {
      std::cout << scenario.name() << "  " << scenario.claim << '\n';
    }
    return 0;
  }
  const auto has = [&](const char* rig) {
    return std::ranges::find(options.rigs, rig) != options.rigs.end();
  };
  conformance::Rigs rigs{.simulated = has("simulated")};
  rigs.parameters = {"binary", "conffile", "pidfile", "monitoring_ip", "listen_address", "port", "proto", "sipsak", "kamctl", "kamctlrc", "kamuser", "kamgroup", "extra_options", "probe", "probe_timeout", "probe_accept", "probe_uri", "rpc"};
  if (has("fakes")) {
    rigs.fakes = conformance::NodeRig{.agent = options.agent, .name = {}, .fakes = FAKES, .faketime = node::find_faketime(), .rate = options.rate};
  }
  if (has("live")) {
    rigs.live = conformance::NodeRig{.agent = options.agent, .name = {}, .fakes = {}, .faketime = {}, .rate = 1};
  }
  const auto plan = conformance::plan_scenarios(scenarios, rigs);
  int passed = 0;
  int failures = 0;
  const auto outcomes =
      conformance::run_all(plan.jobs, options.jobs, [&](const Outcome& outcome) {
        (outcome.verdict == Outcome::Verdict::failed ? failures : passed) += 1;
        if (outcome.verdict == Outcome::Verdict::failed) {
          std::cout << "FAILED " << outcome.question.name << " [" << outcome.rig << "]\n  " << outcome.question.claim << "\n";
          for (const auto& f : outcome.findings) std::cout << "  " << f.step << ": " << f.rule << "\n    expected: " << f.expected << "\n    seen:     " << f.seen << "\n";
        }
        if (options.is_verbose) for (const auto& l : outcome.timeline) std::cout << l.at.count()/1000000 << " ms " << l.who << "  " << l.what << "\n";
      });
  std::cout << passed << " passed, " << failures << " failed, " << plan.skipped.size() << " do not fit\n";
  if (conformance::was_interrupted()) {
    return interrupted;
  }
  return failures == 0 ? 0 : failed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Asks whether an OCF resource agent keeps its contract.", "ocf-conformance");
  Options options;
  app.add_option("--fixtures", options.fixtures, "where requirements/ and scenarios/ are");
  app.add_option("--filter", options.filter, "only what has this in its name");
  app.add_option("--rig", options.rigs, "simulated, fakes or live");
  app.add_option("--jobs", options.jobs, "");
  app.add_option("--rate", options.rate, "");
  app.add_flag("--list", options.lists, "print the scenarios and their claims");
  app.add_flag("-v,--verbose", options.is_verbose, "print the timeline of each scenario");
  app.add_option("agent", options.agent, "");
  try {
    app.parse(argc, argv);
    const auto suite = conformance::read_suite(options.fixtures);
    if (!suite) {
      std::cerr << suite.error() << '\n';
      return bad_input;
    }
    return run(*suite, options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : bad_input;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return bad_input;
  }
}
