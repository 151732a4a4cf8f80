#include "agent/posix/clock.h"
#include "conformance/cluster/cluster.h"
#include "conformance/command_line/options.h"
#include "conformance/command_line/rigs.h"
#include "conformance/contract/contract.h"
#include "conformance/node/brought.h"
#include "conformance/outcome/outcome.h"
#include "conformance/report/comparison.h"
#include "conformance/report/progress.h"
#include "conformance/report/reports.h"
#include "conformance/run/plan.h"
#include "conformance/scenario/facts_writer.h"
#include "conformance/scenario/suite.h"
#include "sim/yaml/tree.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

// ocf-conformance: checks whether an agent follows its contract.

namespace {

using conformance::Options;
using conformance::Outcome;
using conformance::Plan;
using conformance::Run;

constexpr int failed = 1;
constexpr int bad_input = 2;
constexpr int interrupted = 130;

// The reason for a refusal, as a message for the user.
using Refusal = std::string;

tl::expected<conformance::AgentFile, Refusal> agent_for(const Options& options) {
  if (options.agent.empty()) {
    return conformance::AgentFile{.path = node::brought("agent"), .name = {}};
  }
  return conformance::find_agent(options.agent);
}

// The resources that the agent runs. Our own agent needs a listen address, and another port for the
// second resource.
conformance::Resources resources_for(const Options& options) {
  cluster::Resource first{.name = options.resource, .parameters = options.parameters};
  auto second = options.second;
  if (options.agent.empty()) {
    first.parameters.try_emplace("listen_address", "192.168.159.128");
    // A second resource with the same configuration takes the FIFO that kamctl needs.
    first.parameters.try_emplace("kamctlrc", "");
    second.try_emplace("port", "5070");
  }
  conformance::Resources resources{.first = first};
  if (!second.empty()) {
    second.insert(first.parameters.begin(), first.parameters.end());
    resources.second = {.name = options.resource + "_2", .parameters = second};
  }
  return resources;
}

Refusal why_nothing_is_asked(const Plan& plan, const Options& options) {
  for (const auto& filter : options.filters) {
    if (!names(plan, filter)) {
      const bool lacks_rig =
          filter.starts_with("contract.") && !options.rigs.contains(conformance::Rig::contract);
      return "--filter " + filter + ": no match on this rig; see --list" +
             (lacks_rig ? " --rig contract" : "");
    }
  }
  if (!plan.jobs.empty()) {
    return "";
  }
  return plan.skipped.empty()
             ? "no scenarios in " + options.fixtures
             : "everything that was selected is skipped: " + plan.skipped.front().reason;
}

void list(const Plan& plan) {
  const std::string* last = nullptr;
  for (const auto& job : plan.jobs) {
    if (last == nullptr || *last != job.question.name) {
      std::cout << job.question.name << "  " << job.question.claim << '\n';
    }
    last = &job.question.name;
  }
}

std::string command_line(int argc, char** argv) {
  std::string text = "ocf-conformance";
  for (const char* const word : std::vector<const char*>(argv + 1, argv + argc)) {
    text += " " + cluster::quoted_for_shell(word);
  }
  return text;
}

// Each check once, without its variants.
std::vector<conformance::Question> questions_of(const conformance::Suite& suite) {
  std::vector<conformance::Question> questions;
  for (const auto& scenario : suite.scenarios) {
    if (questions.empty() || questions.back().name != scenario.id) {
      questions.push_back({.name = scenario.id,
                           .topic = scenario.topic,
                           .claim = scenario.claim,
                           .rests_on = scenario.rests_on});
    }
  }
  for (const auto& check : contract::all_checks()) {
    questions.push_back({.name = check.id,
                         .topic = topic_of(check),
                         .claim = check.claim,
                         .rests_on = check.rests_on});
  }
  return questions;
}

int tell_coverage(const conformance::Suite& suite) {
  const auto coverage = conformance::coverage_of(suite.requirements, questions_of(suite));
  std::cout << coverage.text;
  for (const auto& wrong : coverage.wrong) {
    std::cerr << wrong << '\n';
  }
  return coverage.wrong.empty() ? 0 : failed;
}

void ask(Plan plan, const Options& options, Run& run) {
  const posix::PosixClock clock;
  conformance::Progress progress(options.is_quiet || options.tap ? -1 : STDERR_FILENO,
                                 plan.jobs.size(), conformance::colors_for(std::getenv("NO_COLOR")),
                                 clock);
  run.outcomes = run_all(plan.jobs, options.jobs, [&](const Outcome& outcome) {
    progress.begin(outcome.question, outcome.rig);
    progress.end(outcome.verdict);
  });
  std::ranges::move(plan.skipped, std::back_inserter(run.outcomes));
  weigh(run, options.is_strict ? conformance::Strictness::strict : conformance::Strictness::usual);
}

void write_file(const std::string& path, const std::string& text) {
  if (path.empty()) {
    return;
  }
  std::ofstream file(path, std::ios::trunc);
  file << text;
  if (!file.flush()) {
    throw std::system_error(errno, std::generic_category(), path);
  }
}

void print(const Run& run, const Options& options) {
  if (options.tap) {
    std::cout << tap_text(run);
    return;
  }
  const auto rigs = rigs_of(run);
  if (options.is_verbose) {
    for (const auto& outcome : run.outcomes) {
      std::cout << timeline_text(outcome, rigs);
    }
  }
  if (options.is_quiet) {
    const auto text = summary_text(run);
    const auto last = text.rfind('\n', text.size() - 2);
    std::cout << text.substr(last == std::string::npos ? 0 : last + 1);
    return;
  }
  if (rigs == conformance::Rigs::several) {
    std::cout << columns_text(run);
  }
  std::cout << report_text(run);
}

// Checks this before the run. Removes old reports: after a killed run they would look like new
// ones.
void check_that_reports_can_be_written(const Options& options) {
  for (const auto& path : {options.junit, options.html, options.markdown}) {
    if (path.empty()) {
      continue;
    }
    if (!std::ofstream(path)) {
      throw std::system_error(errno, std::generic_category(), path);
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(std::filesystem::symlink_status(path, ignored))) {
      std::filesystem::remove(path, ignored);
    }
  }
}

void check_that_all_is_printed() {
  if (!std::cout.flush()) {
    throw std::runtime_error("cannot write to standard output");
  }
}

void report(const Run& run, const Options& options) {
  print(run, options);
  check_that_all_is_printed();
  write_file(options.junit, options.junit.empty() ? "" : junit_text(run));
  write_file(options.html, options.html.empty() ? "" : html_text(run));
  write_file(options.markdown, options.markdown.empty() ? "" : markdown_text(run));
}

bool holds(const Run& run) {
  const auto comparison = compare(run);
  return std::ranges::none_of(run.outcomes,
                              [](const Outcome& outcome) {
                                return outcome.verdict == Outcome::Verdict::failed ||
                                       outcome.verdict == Outcome::Verdict::broken;
                              }) &&
         std::ranges::none_of(comparison.rows, conformance::differs);
}

// The report of an interrupted run must not look complete.
Outcome lack_of(std::size_t questions, const Run& run) {
  return {
      .question = {.name = "interrupted",
                   .topic = "Interrupted",
                   .claim = "All selected checks ran"},
      .rig = run.outcomes.empty() ? "none" : run.outcomes.back().rig,
      .verdict = Outcome::Verdict::broken,
      .reason = "interrupted by a signal: " + std::to_string(questions) + " checks did not run"};
}

// Writes the observations into the recordings. False if something could not be recorded.
bool record(const Run& run) {
  bool is_all = true;
  std::map<std::string, std::vector<conformance::Correction>> corrections;  // by file
  for (const auto& outcome : run.outcomes) {
    const auto& place = outcome.question.place;
    if (outcome.correction) {
      corrections[place.substr(0, place.rfind(':'))].push_back(*outcome.correction);
    } else if (!place.empty() && (outcome.verdict == Outcome::Verdict::failed ||
                                  outcome.verdict == Outcome::Verdict::broken)) {
      std::cout << place << ": " << outcome.question.name << " cannot be recorded\n";
      is_all = false;
    }
  }
  for (auto& [file, all] : corrections) {
    const auto text = yaml::read_text_file(file);
    if (!text) {
      throw std::system_error(text.error(), file);
    }
    const auto count = all.size();
    // A full disk must not cost the former recordings.
    write_file(file + ".new", conformance::corrected(*text, std::move(all)));
    std::filesystem::rename(file + ".new", file);
    std::cout << file << ": " << count << " recorded; look at them with git diff\n";
  }
  return is_all;
}

int refuse(const Refusal& why) {
  std::cerr << why << '\n';
  return bad_input;
}

int run_with(const Options& options, const std::string& command) {
  auto suite = conformance::read_suite(options.fixtures, options.plays_recordings
                                                             ? conformance::Kind::recordings
                                                             : conformance::Kind::scenarios);
  if (!suite) {
    return refuse(suite.error());
  }
  if (options.tells_coverage) {
    return tell_coverage(*suite);
  }
  const auto agent = agent_for(options);
  if (!agent) {
    return refuse(agent.error());
  }
  const auto rigs = make_rigs(options, *agent);
  if (!rigs) {
    return refuse(rigs.error());
  }
  let_call(options.caller, suite->scenarios);
  auto plan = plan_scenarios(suite->scenarios, *rigs);
  if (rigs->contract) {
    plan_contract(plan, *rigs->contract, resources_for(options));
  }
  keep_named(plan, options.filters);
  if (const auto why = why_nothing_is_asked(plan, options); !why.empty()) {
    return refuse(why);
  }
  if (options.lists) {
    list(plan);
    check_that_all_is_printed();
    return 0;
  }
  Run run{.agent = options.plays_recordings
                       ? "kamailio, kamctl and sipsak"
                       : "ocf:" + agent->name.provider + ":" + agent->name.type,
          .command = command,
          .requirements = suite->requirements};
  check_that_reports_can_be_written(options);
  const auto asked = plan.jobs.size() + plan.skipped.size();
  ask(std::move(plan), options, run);
  if (conformance::was_interrupted()) {
    run.outcomes.push_back(lack_of(asked - run.outcomes.size(), run));
  }
  const bool is_recorded = options.records && record(run);
  report(run, options);
  if (conformance::was_interrupted()) {
    std::cerr << "interrupted: not all checks ran\n";
    return interrupted;
  }
  return holds(run) || is_recorded ? 0 : failed;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = conformance::read_options(
        argc, argv, {.fixtures = node::brought("fixtures"), .fakes = node::brought("fakes")});
    if (!options) {
      (options.error().exit_code == 0 ? std::cout : std::cerr) << options.error().text;
      return options.error().exit_code;
    }
    return run_with(*options, command_line(argc, argv));
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}
