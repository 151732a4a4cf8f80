#include "sim/calibration/reader.h"

#include "sim/calibration/facts_reader.h"
#include "sim/calibration/given_reader.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

namespace calibration {
namespace {

using yaml::BadInput;
using yaml::Entry;
using yaml::list_in;
using yaml::Misread;
using yaml::read_tree;
using yaml::reject;
using yaml::Table;
using yaml::Tree;
using yaml::word_in;
using yaml::words_in;

constexpr std::array<std::string_view, 8> fact_keys = {"exit", "killed_by", "hangs", "answer",
                                                       "out",  "err",       "takes", "leaves"};

bool is_fact(const Entry& entry) {
  return std::ranges::find(fact_keys, entry.key) != fact_keys.end();
}

Action read_action(Table& table) {
  std::vector<Action> actions;
  if (const auto* const run = table.find("run")) {
    actions.emplace_back(Run{words_in(run->value, "run")});
    if (std::get<Run>(actions.back()).arguments.empty()) {
      throw Misread{run->place, "run has to begin with the name of a program"};
    }
  }
  if (const auto* const ask = table.find("ask")) {
    actions.emplace_back(Ask{read_endpoint(ask->value)});
  }
  if (const auto* const signal = table.find("signal")) {
    actions.emplace_back(
        Signal{.number = read_signal(signal->value), .to = read_receiver(table.need("to"))});
  }
  if (actions.size() != 1) {
    throw Misread{table.tree().place, "a situation needs one of run, ask and signal"};
  }
  return actions.front();
}

std::optional<Facts> read_facts(Table& table, const Action& action) {
  Facts facts{.ending = read_ending(table),
              .out = read_lines(table, "out"),
              .err = read_lines(table, "err")};
  if (const auto* const takes = table.find("takes")) {
    facts.takes = read_range(takes->value);
  }
  facts.leaves = read_leaves(table);
  if (std::ranges::none_of(table.tree().entries, is_fact)) {
    return std::nullopt;
  }
  const bool has_ending = !std::holds_alternative<std::monostate>(facts.ending);
  if (has_ending == std::holds_alternative<Signal>(action)) {
    throw Misread{table.tree().place, has_ending ? "a signal that was sent has no ending"
                                                 : "facts need one of exit, killed_by, hangs and "
                                                   "answer"};
  }
  return facts;
}

// A recorder replaces the facts, so they are the last that a situation says.
int line_of_facts(const Tree& tree) {
  const auto first = std::ranges::find_if(tree.entries, is_fact);
  for (auto entry = first; entry != tree.entries.end(); ++entry) {
    if (!is_fact(*entry)) {
      throw Misread{entry->place, "\"" + entry->key + "\" has to stand before the facts"};
    }
  }
  return first == tree.entries.end() ? 0 : first->place.line;
}

Situation read_situation(const Tree& tree, const Configurations& configurations) {
  Table table(tree, "a situation");
  Situation situation;
  const auto& id = table.need("id");
  situation.id = word_in(id, "an id");
  if (situation.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") !=
          std::string::npos ||
      situation.id.empty()) {
    reject(id, "id", "in small letters, digits and hyphens");
  }
  situation.says = word_in(table.need("says"), "says");
  if (const auto* const slow = table.find("slow")) {
    situation.is_slow = word_in(slow->value, "slow") == "true";
  }
  if (const auto* const given = table.find("given")) {
    for (const auto& one : list_in(given->value, "given")) {
      situation.given.push_back(read_given(one, configurations));
    }
  }
  situation.action = read_action(table);
  if (const auto* const lasts = table.find("for")) {
    situation.lasts = read_seconds(lasts->value, "for");
  }
  situation.facts = read_facts(table, situation.action);
  table.finish();
  situation.fact_lines.begin = line_of_facts(tree);
  return situation;
}

// Where each situation ends in the text: before the next one, and the comments that belong to it.
void find_ends(std::vector<Situation>& situations, const std::vector<Tree>& trees,
               const std::string& text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  for (std::size_t i = 0; i < situations.size(); ++i) {
    auto end =
        i + 1 < trees.size() ? static_cast<std::size_t>(trees[i + 1].place.line) - 1 : lines.size();
    const auto is_between = [&](std::size_t line) {
      const auto first = lines[line].find_first_not_of(' ');
      return first == std::string_view::npos || lines[line][first] == '#';
    };
    while (end > 0 && is_between(end - 1)) {
      --end;
    }
    auto& place = situations[i].fact_lines;
    place.end = static_cast<int>(end) + 1;
    place.begin = place.begin == 0 ? place.end : place.begin;
  }
}

}  // namespace

tl::expected<std::vector<Situation>, BadInput> read_situations(
    const std::string& file, const std::string& text, const Configurations& configurations) {
  return yaml::read_as(file, text, [&](const Tree& tree) {
    Table table(tree, "a file of recordings");
    static_cast<void>(table.find("measured_with"));
    const auto& list = list_in(table.need("situations"), "situations");
    table.finish();
    std::vector<Situation> situations;
    std::set<std::string> ids;
    for (const auto& one : list) {
      situations.push_back(read_situation(one, configurations));
      if (!ids.insert(situations.back().id).second) {
        throw Misread{one.place, "the id " + situations.back().id + " stands here twice"};
      }
    }
    find_ends(situations, list, text);
    return situations;
  });
}

tl::expected<Observation, BadInput> read_observation(const std::string& text) {
  const std::string file = "observation";
  return yaml::read_as(file, text, [&](const Tree& tree) {
    Table table(tree, "an observation");
    Observation observation{.ending = read_ending(table),
                            .out = read_lines(table, "out").value_or(std::vector<std::string>{}),
                            .err = read_lines(table, "err").value_or(std::vector<std::string>{}),
                            .took = read_seconds(table.need("took"), "took"),
                            .leaves = read_leaves(table)};
    table.finish();
    return observation;
  });
}

}  // namespace calibration
