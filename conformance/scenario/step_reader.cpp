#include "conformance/scenario/step_reader.h"

#include "sim/cluster/call.h"
#include "sim/setup/profile_reader.h"
#include "sim/setup/setup_reader.h"
#include "sim/setup/step_reader.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {
namespace {

using yaml::Table;
using yaml::Tree;

constexpr std::array<std::string_view, 9> expectations = {
    "expect", "within", "not_before", "says", "says_not", "prints", "logs", "logs_not", "sends"};
constexpr std::array<std::string_view, 8> fact_keys = {"exit", "killed_by", "hangs", "answer",
                                                       "out",  "err",       "takes", "leaves"};

constexpr int most = 255;

Ending read_ending(Table& table) {
  std::vector<Ending> endings;
  if (const auto* const code = table.find("exit")) {
    endings.emplace_back(Exited{yaml::read_number(code->value, "exit code", 0, most)});
  }
  if (const auto* const signal = table.find("killed_by")) {
    endings.emplace_back(Killed{yaml::read_one_of(signal->value, "signal", sim::signal_words())});
  }
  if (const auto* const hangs = table.find("hangs")) {
    if (!yaml::read_yes_or_no(hangs->value, "hangs")) {
      yaml::reject(hangs->value, "hangs", "yes, or no such key");
    }
    endings.emplace_back(Hangs{});
  }
  if (const auto* const answer = table.find("answer")) {
    endings.emplace_back(Answered{yaml::word_in(answer->value, "answer")});
  }
  if (endings.size() > 1) {
    throw yaml::Misread{table.tree().place,
                        "too many endings in step: expected one of exit, killed_by, hangs or "
                        "answer"};
  }
  return endings.empty() ? Ending() : std::move(endings.front());
}

std::optional<std::vector<std::string>> read_lines(Table& table, const char* key) {
  const auto* const found = table.find(key);
  return found == nullptr ? std::nullopt : std::optional(yaml::words_in(found->value, key));
}

TimeRange read_range(const Tree& tree) {
  if (tree.kind == Tree::Kind::word && tree.word == "instant") {
    return {};
  }
  if (tree.kind != Tree::Kind::list || tree.items.size() != 2) {
    throw yaml::Misread{tree.place,
                        "invalid takes: expected instant (at most 1s) or [LEAST, MOST], as "
                        "[2s, 4s]"};
  }
  const TimeRange range{.least = sim::read_duration(tree.items[0], "takes"),
                        .most = sim::read_duration(tree.items[1], "takes")};
  if (range.most < range.least) {
    throw yaml::Misread{tree.place, "invalid takes: expected the shorter time first"};
  }
  return range;
}

LeftProcesses read_processes(const Tree& tree) {
  constexpr int enough = 1000;
  Table table(tree, "entry of processes");
  LeftProcesses processes{.is = yaml::word_in(table.need("is"), "is"),
                          .user = yaml::word_in(table.need("user"), "user")};
  if (const auto* const count = table.find("count")) {
    processes.count = yaml::read_number(count->value, "count", 1, enough);
  }
  if (const auto* const stopped = table.find("stopped")) {
    processes.is_stopped = yaml::read_yes_or_no(stopped->value, "stopped");
  }
  table.finish();
  return processes;
}

LeftFile read_file(const Tree& tree) {
  Table table(tree, "entry of files");
  LeftFile file{.path = yaml::word_in(table.need("path"), "path"),
                .is = yaml::read_one_of<std::string>(
                    table.need("is"), "kind of file",
                    {{"file", "file"}, {"fifo", "fifo"}, {"socket", "socket"}, {"link", "link"}}),
                .owner = yaml::word_in(table.need("owner"), "owner"),
                .mode = sim::read_mode(table.need("mode"))};
  file.names = yaml::read_text(table, "names");
  table.finish();
  return file;
}

Leaves read_leaves(const Tree& tree) {
  Table table(tree, "leaves");
  Leaves leaves;
  if (const auto* const processes = table.find("processes")) {
    for (const auto& one : yaml::list_in(processes->value, "processes")) {
      leaves.processes.push_back(read_processes(one));
    }
  }
  if (const auto* const files = table.find("files")) {
    for (const auto& one : yaml::list_in(files->value, "files")) {
      leaves.files.push_back(read_file(one));
    }
  }
  if (const auto* const listens = table.find("listens")) {
    for (const auto& one : yaml::list_in(listens->value, "listens")) {
      leaves.listens.push_back(sim::read_endpoint(one));
    }
  }
  table.finish();
  return leaves;
}

Facts read_facts(Table& table) {
  Facts facts{.ending = read_ending(table),
              .out = read_lines(table, "out"),
              .err = read_lines(table, "err")};
  if (const auto* const takes = table.find("takes")) {
    facts.takes = read_range(takes->value);
  }
  if (const auto* const leaves = table.find("leaves")) {
    facts.leaves = read_leaves(leaves->value);
  }
  return facts;
}

bool is_expectation(const yaml::Entry& entry) {
  return std::ranges::find(expectations, entry.key) != expectations.end();
}

// One word, or a list of them.
std::vector<std::string> read_texts(Table& table, std::string_view key) {
  const auto* const entry = table.find(key);
  if (entry == nullptr) {
    return {};
  }
  if (entry->value.kind == Tree::Kind::list) {
    return yaml::words_in(entry->value, key);
  }
  return {yaml::word_in(entry->value, key)};
}

std::vector<int> read_codes(const Tree& tree) {
  const auto read = [](const Tree& word) {
    return yaml::read_one_of<int>(word, "exit code", cluster::exit_codes());
  };
  if (tree.kind != Tree::Kind::list) {
    return {read(tree)};
  }
  std::vector<int> codes;
  for (const auto& item : tree.items) {
    codes.push_back(read(item));
  }
  return codes;
}

std::vector<int> read_signals(const Tree& tree) {
  std::vector<int> signals;
  for (const auto& item : yaml::list_in(tree, "sends")) {
    signals.push_back(yaml::read_one_of<int>(
        item, "signal", {{"TERM", SIGTERM}, {"KILL", SIGKILL}, {"CONT", SIGCONT}}));
  }
  return signals;
}

Expectation read_expectation(const Tree& tree) {
  Table table(tree, "expectation");
  Expectation expects;
  if (const auto* const codes = table.find("expect")) {
    expects.codes = read_codes(codes->value);
  }
  if (const auto* const within = table.find("within")) {
    expects.within = sim::read_duration(within->value, "within");
  }
  if (const auto* const not_before = table.find("not_before")) {
    expects.not_before = sim::read_duration(not_before->value, "not_before");
  }
  expects.says = read_texts(table, "says");
  expects.says_not = read_texts(table, "says_not");
  expects.prints = read_texts(table, "prints");
  expects.logs = read_texts(table, "logs");
  expects.logs_not = read_texts(table, "logs_not");
  if (const auto* const sends = table.find("sends")) {
    expects.sends = read_signals(sends->value);
  }
  table.finish();
  return expects;
}

bool is_fact(const yaml::Entry& entry) {
  return std::ranges::find(fact_keys, entry.key) != fact_keys.end();
}

// The tree with only those entries for which `is_wanted` holds.
template <typename Wanted>
Tree only(Tree tree, const Wanted& is_wanted) {
  std::erase_if(tree.entries, [&](const yaml::Entry& entry) { return !is_wanted(entry); });
  return tree;
}

// Rejects facts that this kind of step cannot have.
void check_facts(const Step& step, const Tree& tree) {
  const auto& [ending, out, err, takes, leaves] = step.facts;
  const bool is_run = std::holds_alternative<sim::RunProgram>(step.what.what);
  const bool is_ask = std::holds_alternative<sim::AskOptions>(step.what.what);
  if (step.facts == Facts()) {
    return;
  }
  if (!is_run && (out || err)) {
    throw yaml::Misread{tree.place, "unexpected out or err: only a run step prints"};
  }
  if (is_run && (ending == Ending() || std::holds_alternative<Answered>(ending))) {
    throw yaml::Misread{tree.place, "the facts of a run step need exit, killed_by or hangs"};
  }
  if (is_ask && !std::holds_alternative<Answered>(ending)) {
    throw yaml::Misread{tree.place, "the facts of an ask step need answer"};
  }
  if (!is_run && !is_ask && ending != Ending()) {
    throw yaml::Misread{tree.place, "unexpected ending in a signal step: expected takes or leaves"};
  }
}

}  // namespace

bool has_facts(const sim::Step& step) {
  return std::holds_alternative<sim::RunProgram>(step.what) ||
         std::holds_alternative<sim::AskOptions>(step.what) ||
         std::holds_alternative<sim::SendSignal>(step.what);
}

Step read_step(const Tree& tree, const sim::Instances& instances) {
  const auto what =
      only(tree, [](const auto& entry) { return !is_expectation(entry) && !is_fact(entry); });
  const auto expected = only(tree, is_expectation);
  const auto facts = only(tree, is_fact);
  Table table(what, "step");
  Step step{.what = sim::read_step(table, instances)};
  const bool is_call = std::holds_alternative<sim::CallAgent>(step.what.what);
  // Look these up, so that the message about an unknown key lists them.
  for (const auto key : expectations) {
    (void)table.find(key);
  }
  for (const auto key : fact_keys) {
    (void)table.find(key);
  }
  table.finish();
  if (!is_call && !expected.entries.empty()) {
    throw yaml::Misread{expected.entries.front().place,
                        "unexpected \"" + expected.entries.front().key +
                            "\": only a step that calls the agent has expectations"};
  }
  if (!has_facts(step.what) && !facts.entries.empty()) {
    throw yaml::Misread{facts.entries.front().place,
                        "unexpected \"" + facts.entries.front().key +
                            "\": only run, ask and signal steps have facts"};
  }
  step.expects = read_expectation(expected);
  Table facts_table(facts, "facts");
  step.facts = read_facts(facts_table);
  check_facts(step, tree);
  return step;
}

void find_fact_lines(const Tree& tree, int end, Step& step) {
  const auto first = std::ranges::find_if(tree.entries, is_fact);
  const bool are_last = std::all_of(first, tree.entries.end(), is_fact);
  const int begin = first == tree.entries.end() ? end : first->place.line;
  if (has_facts(step.what) && are_last && begin > tree.entries.front().place.line) {
    step.fact_lines = {
        .begin = begin, .end = end, .indentation = tree.entries.front().place.column - 1};
  }
}

}  // namespace conformance
