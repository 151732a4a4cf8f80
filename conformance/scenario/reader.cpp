#include "conformance/scenario/reader.h"

#include "conformance/scenario/step_reader.h"
#include "conformance/scenario/variants.h"
#include "sim/cluster/call.h"
#include "sim/setup/profile_reader.h"
#include "sim/setup/setup_reader.h"
#include "sim/setup/step_reader.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

namespace conformance {
namespace {

using yaml::Table;
using yaml::Tree;

// Replaces each text_of with the content of the file, relative to `directory`.
void include_texts(Tree& tree, const std::filesystem::path& directory) {
  for (auto& item : tree.items) {
    include_texts(item, directory);
  }
  for (auto& [key, place, value] : tree.entries) {
    if (key == "text_of") {
      const auto& name = yaml::word_in(value, "file");
      auto text = yaml::read_text_file(directory / name);
      if (!text) {
        throw yaml::Misread{place, "cannot read text_of " + name + ": " + text.error().message()};
      }
      key = "text";
      value.word = *std::move(text);
    } else {
      include_texts(value, directory);
    }
  }
}

std::string read_account(Table& table, std::string_view key) {
  const auto* const entry = table.find(key);
  if (entry == nullptr) {
    return "";
  }
  const auto& word = yaml::word_in(entry->value, key);
  if (word.find(':') == std::string::npos) {
    yaml::reject(entry->value, key, "USER:GROUP");
  }
  return word;
}

Condition read_condition_of_processes(Table& table, Condition condition) {
  condition.run_as = read_account(table, "run_as");
  if (const auto* const arguments = table.find("arguments")) {
    condition.arguments = yaml::words_in(arguments->value, "arguments");
  }
  return condition;
}

Condition read_condition_of_file(Table& table, const sim::Instances& instances,
                                 Condition condition) {
  if (const auto* const text = table.find("text")) {
    condition.text = yaml::word_in(text->value, "text");
  }
  if (const auto* const instance = table.find("pid_of")) {
    condition.pid_of = sim::read_instance_name(instance->value, instances);
  }
  condition.owner = read_account(table, "owner");
  if (const auto* const mode = table.find("mode")) {
    condition.mode = sim::read_mode(mode->value);
  }
  return condition;
}

Condition read_condition(const Tree& tree, const sim::Instances& instances) {
  using Kind = Condition::Kind;
  static const yaml::Words<Kind> about_instances = {{"no_process_of", Kind::no_process_of},
                                                    {"processes_of", Kind::processes_of},
                                                    {"same_processes_of", Kind::same_processes_of},
                                                    {"new_processes_of", Kind::new_processes_of}};
  static const yaml::Words<Kind> about_files = {
      {"file", Kind::file}, {"no_file", Kind::no_file}, {"empty", Kind::empty}};
  Table table(tree, "condition");
  for (const auto& [key, kind] : about_instances) {
    if (const auto* const entry = table.find(key)) {
      Condition condition{.kind = kind,
                          .subject = sim::read_instance_name(entry->value, instances),
                          .place = tree.place};
      if (kind == Kind::processes_of) {
        condition = read_condition_of_processes(table, std::move(condition));
      }
      table.finish();
      return condition;
    }
  }
  for (const auto& [key, kind] : about_files) {
    if (const auto* const entry = table.find(key)) {
      const auto& path = yaml::word_in(entry->value, key);
      if (!path.starts_with('/')) {
        yaml::reject(entry->value, "path", "absolute, as /run/kamailio");
      }
      Condition condition{.kind = kind, .subject = path, .place = tree.place};
      if (kind == Kind::file) {
        condition = read_condition_of_file(table, instances, std::move(condition));
      }
      table.finish();
      return condition;
    }
  }
  table.finish();
  throw yaml::Misread{tree.place, "empty condition: expected one, as no_process_of: INSTANCE"};
}

class ScenarioReader {
 public:
  ScenarioReader(std::string file, std::string topic, std::string measured_with,
                 const std::function<bool(const std::string&)>& is_requirement)
      : file_(std::move(file)),
        topic_(std::move(topic)),
        measured_with_(std::move(measured_with)),
        is_requirement_(is_requirement) {}

  // Returns all variants of one scenario, which ends before the line `end`.
  std::vector<Scenario> read(const Tree& tree, int end) const {
    Tree plain = tree;
    include_texts(plain, std::filesystem::path(file_).parent_path());
    std::vector<Variant> variants = {Variant{}};
    const auto found = std::ranges::find(plain.entries, "variants", &yaml::Entry::key);
    if (found != plain.entries.end()) {
      variants = read_variants(found->value);
      plain.entries.erase(found);
    }
    std::vector<Scenario> scenarios;
    for (const auto& variant : variants) {
      for (auto& scenario : with_each_probe(substitute(plain, variant))) {
        scenario.variant = scenario.variant.empty() || variant.name.empty()
                               ? variant.name + scenario.variant
                               : variant.name + "/" + scenario.variant;
        scenarios.push_back(std::move(scenario));
      }
    }
    if (scenarios.size() == 1 && !plain.entries.empty() && plain.entries.back().key == "steps") {
      find_fact_lines(plain.entries.back().value.items.back(), end, scenarios.front().steps.back());
    }
    return scenarios;
  }

 private:
  // A scenario that does not set probe runs with each of them.
  std::vector<Scenario> with_each_probe(const Tree& tree) const {
    Table table(tree, "scenario");
    Scenario scenario = read_one(table);
    std::vector<std::string> probes = {"sipsak", "builtin"};
    if (const auto* const given = table.find("probes")) {
      probes = yaml::words_in(given->value, "probes");
    }
    table.finish();
    const auto sets_probe = [](const auto& entry) {
      return entry.second.parameters.contains("probe");
    };
    if (scenario.instances.empty() || std::ranges::any_of(scenario.instances, sets_probe)) {
      return {scenario};
    }
    std::vector<Scenario> scenarios;
    for (const auto& probe : probes) {
      auto one = scenario;
      one.variant = probe;
      for (auto& [name, instance] : one.instances) {
        instance.parameters["probe"] = probe;
      }
      scenarios.push_back(std::move(one));
    }
    return scenarios;
  }

  Scenario read_one(Table& table) const {
    Scenario scenario{.id = read_id(table.need("id")),
                      .topic = topic_,
                      .claim = yaml::word_in(table.need("claim"), "a claim"),
                      .measured_with = measured_with_,
                      .file = file_,
                      .place = table.tree().place};
    // A recording states what was measured, and runs programs instead of the agent.
    if (measured_with_.empty()) {
      scenario.rests_on = read_requirements(table.need("rests_on"));
      scenario.instances = sim::read_instances(table.need("instances"));
    }
    if (const auto* const setup = table.find("setup")) {
      Table keys(setup->value, "setup");
      scenario.setup = sim::read_setup(keys, scenario.instances);
      keys.finish();
    }
    for (const auto& step : yaml::list_in(table.need("steps"), "steps")) {
      scenario.steps.push_back(read_step(step, scenario.instances));
    }
    if (const auto* const then = table.find("then")) {
      for (const auto& condition : yaml::list_in(then->value, "then")) {
        scenario.then.push_back(read_condition(condition, scenario.instances));
      }
    }
    scenario.beyond = yaml::read_text(table, "beyond");
    if (const auto* const skips = table.find("skips")) {
      scenario.skips = read_skips(skips->value);
    }
    check_that_it_asks(scenario, table.tree());
    return scenario;
  }

  // Command lines and reports use the id as one word, followed by slashes and variants.
  static std::string read_id(const Tree& tree) {
    const auto& id = yaml::word_in(tree, "id");
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
    if (id.empty() || id.find_first_not_of(allowed) != std::string::npos) {
      yaml::reject(tree, "id", "lower case letters, digits and hyphens");
    }
    return id;
  }

  std::vector<std::string> read_requirements(const Tree& tree) const {
    std::vector<std::string> ids;
    for (const auto& item : yaml::list_in(tree, "rests_on")) {
      const auto& id = yaml::word_in(item, "requirement");
      if (!is_requirement_(id)) {
        yaml::reject(item, "requirement", "one of those in fixtures/requirements/");
      }
      ids.push_back(id);
    }
    if (ids.empty()) {
      throw yaml::Misread{tree.place, "empty rests_on: expected at least one requirement"};
    }
    return ids;
  }

  static std::map<std::string, std::string> read_skips(const Tree& tree) {
    std::map<std::string, std::string> skips;
    for (const auto& [rig, place, reason] : yaml::entries_in(tree, "skips", "RIG: REASON")) {
      const Tree word{.kind = Tree::Kind::word, .word = rig, .place = place};
      const auto known = yaml::read_one_of<std::string>(
          word, "rig", {{"simulated", "simulated"}, {"fakes", "fakes"}, {"live", "live"}});
      skips[known] = yaml::word_in(reason, "reason");
    }
    return skips;
  }

  // A scenario that expects nothing cannot fail.
  static void check_that_it_asks(const Scenario& scenario, const Tree& tree) {
    if (!scenario.measured_with.empty()) {
      if (scenario.steps.empty() || !has_facts(scenario.steps.back().what)) {
        throw yaml::Misread{tree.place,
                            "expected run, ask or signal as the last step of a recording"};
      }
      return;
    }
    const auto asks = [&](const Step& step) { return !step.expects.codes.empty(); };
    if (std::ranges::none_of(scenario.steps, asks)) {
      throw yaml::Misread{tree.place, "the scenario expects nothing: add expect to a step"};
    }
    const auto with_facts = std::ranges::find_if(
        scenario.steps, [](const Step& step) { return step.facts != Facts(); });
    if (with_facts != scenario.steps.end()) {
      throw yaml::Misread{with_facts->what.place,
                          "unexpected facts: only recordings have them, files with measured_with"};
    }
  }

  std::string file_;
  std::string topic_;
  std::string measured_with_;
  const std::function<bool(const std::string&)>& is_requirement_;
};

// The line after each scenario. Blank lines and comments before a scenario belong to it.
std::vector<int> ends_of(const std::vector<Tree>& scenarios, const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  const auto is_between = [&](std::size_t line) {
    const auto first = lines[line].find_first_not_of(' ');
    return first == std::string::npos || lines[line][first] == '#';
  };
  std::vector<int> ends;
  for (std::size_t i = 1; i <= scenarios.size(); ++i) {
    auto end =
        i < scenarios.size() ? static_cast<std::size_t>(scenarios[i].place.line) - 1 : lines.size();
    while (end > 0 && is_between(end - 1)) {
      --end;
    }
    ends.push_back(static_cast<int>(end) + 1);
  }
  return ends;
}

std::vector<Scenario> read_all(const std::string& file, const std::string& text, const Tree& tree,
                               const std::function<bool(const std::string&)>& is_requirement) {
  Table table(tree, "file of scenarios");
  const ScenarioReader reader(file, yaml::word_in(table.need("topic"), "a topic"),
                              yaml::read_text(table, "measured_with"), is_requirement);
  std::vector<Scenario> scenarios;
  const auto& items = yaml::list_in(table.need("scenarios"), "scenarios");
  const auto end = ends_of(items, text);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& item = items[i];
    auto variants = reader.read(item, end[i]);
    for (auto one = variants.begin(); one != variants.end(); ++one) {
      const auto has_its_name = [&](const Scenario& other) { return other.name() == one->name(); };
      if (std::ranges::find(scenarios, one->id, &Scenario::id) != scenarios.end() ||
          std::any_of(variants.begin(), one, has_its_name)) {
        throw yaml::Misread{item.place, "duplicate scenario " + one->name()};
      }
    }
    std::ranges::move(variants, std::back_inserter(scenarios));
  }
  table.finish();
  return scenarios;
}

}  // namespace

tl::expected<std::vector<Scenario>, yaml::BadInput> read_scenarios(
    const std::string& file, const std::string& text,
    const std::function<bool(const std::string&)>& is_requirement) {
  return yaml::read_as(
      file, text, [&](const Tree& tree) { return read_all(file, text, tree, is_requirement); });
}

}  // namespace conformance
