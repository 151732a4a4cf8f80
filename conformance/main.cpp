#include "conformance/report/text.h"
#include "conformance/rigs/simulated.h"
#include "conformance/scenario/judge.h"
#include "conformance/scenario/suite.h"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

// ocf-conformance: does an agent keep its contract?

namespace {

constexpr int failed = 1;
constexpr int bad_input = 2;

struct Options {
  std::string fixtures = FIXTURES;
  std::string filter;
  bool lists = false;
  bool is_verbose = false;
};

bool is_wanted(const conformance::Scenario& scenario, const Options& options) {
  return scenario.name().find(options.filter) != std::string::npos;
}

int list(const conformance::Suite& suite, const Options& options) {
  for (const auto& scenario : suite.scenarios) {
    if (is_wanted(scenario, options)) {
      std::cout << scenario.name() << "  " << scenario.claim << '\n';
    }
  }
  return 0;
}

int run(const conformance::Suite& suite, const Options& options) {
  int passed = 0;
  int failures = 0;
  for (const auto& scenario : suite.scenarios) {
    if (!is_wanted(scenario, options)) {
      continue;
    }
    const auto evidence = conformance::play_simulated(scenario);
    const auto findings = conformance::judge(scenario, evidence);
    if (findings.empty()) {
      ++passed;
    } else {
      ++failures;
      std::cout << conformance::failure_text(scenario, findings);
    }
    if (options.is_verbose) {
      std::cout << conformance::timeline_text(scenario, evidence);
    }
  }
  if (passed + failures == 0) {
    std::cerr << "--filter " << options.filter
              << ": no scenario has that in its name; see --list\n";
    return bad_input;
  }
  std::cout << passed << " passed, " << failures << " failed\n";
  return failures == 0 ? 0 : failed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Asks whether an OCF resource agent keeps its contract.", "ocf-conformance");
  Options options;
  app.add_option("--fixtures", options.fixtures, "where requirements/ and scenarios/ are");
  app.add_option("--filter", options.filter, "only what has this in its name");
  app.add_flag("--list", options.lists, "print the scenarios and their claims");
  app.add_flag("-v,--verbose", options.is_verbose, "print the timeline of each scenario");
  try {
    app.parse(argc, argv);
    const auto suite = conformance::read_suite(options.fixtures);
    if (!suite) {
      std::cerr << suite.error() << '\n';
      return bad_input;
    }
    return options.lists ? list(*suite, options) : run(*suite, options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : bad_input;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return bad_input;
  }
}
