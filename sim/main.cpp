#include "agent/base/number.h"
#include "sim/setup/builtin.h"
#include "sim/setup/player.h"
#include "sim/setup/profile_reader.h"
#include "sim/setup/scenario.h"
#include "sim/timeline/timeline.h"
#include "sim/yaml/table.h"
#include "sim/yaml/tree.h"

#include <CLI/CLI.hpp>
#include <tl/expected.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace {

constexpr int not_written = 1;
constexpr int bad_input = 2;

struct Options {
  std::string scenario;
  std::optional<std::uint64_t> seed;
  bool as_json = false;
};

// Quotes a word for a shell.
std::string quoted(const std::string& word) {
  constexpr const char* harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!word.empty() && word.find_first_not_of(harmless) == std::string::npos) {
    return word;
  }
  std::string text = "'";
  for (const char letter : word) {
    text += letter == '\'' ? "'\\''" : std::string(1, letter);
  }
  return text + "'";
}

// A file whose name looks like an option is passed with its directory.
std::string argument_for(const std::string& scenario) {
  return quoted(scenario.starts_with('-') ? "./" + scenario : scenario);
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& words) {
  const auto meant = yaml::nearest(word, words);
  return meant ? "; did you mean '" + *meant + "'?" : "";
}

bool is_path(const std::string& scenario) {
  return scenario.find('/') != std::string::npos || scenario.ends_with(".yaml");
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

using Text = tl::expected<std::string, std::string>;  // or the error

Text builtin_text(const std::string& name) {
  if (const auto* const builtin = sim::find_builtin_example(name)) {
    return std::string(builtin->text);
  }
  std::vector<std::string> names;
  for (const auto& scenario : sim::builtin_examples()) {
    names.emplace_back(scenario.name);
  }
  return tl::unexpected("unknown scenario '" + name + "'" + did_you_mean(name, names) +
                        "\nrun 'kamailio-sim list' for a list of the built-in scenarios");
}

Text file_text(const std::string& path) {
  auto text = yaml::read_text_file(path);
  if (text) {
    return *std::move(text);
  }
  std::string why = path + ": " + text.error().message();
  const auto name = std::filesystem::path(path).stem().string();
  if (text.error() == std::errc::no_such_file_or_directory && sim::find_builtin_example(name)) {
    why += "; to run the built-in scenario, use its name: " + name;
  }
  return tl::unexpected(why);
}

// A word that looks like a path is a file; any other is the name of a built-in scenario.
Text text_of(const std::string& scenario) {
  if (is_path(scenario)) {
    return file_text(scenario);
  }
  auto text = builtin_text(scenario);
  const std::string file = "to run the file of that name, use " + quoted("./" + scenario) + "\n";
  if (is_there(scenario) && text) {
    std::cerr << "running the built-in scenario " << scenario << "; " << file;
  } else if (is_there(scenario)) {
    text.error() += "\n" + file;
  }
  return text;
}

void print_timeline(const sim::Scenario& scenario, const sim::PlayedScenario& played) {
  if (!scenario.claim.empty()) {
    std::cout << scenario.claim << "\n";
  }
  std::cout << '\n'
            << sim::timeline_text(
                   played, ::isatty(STDOUT_FILENO) == 1 ? sim::Colour::terminal : sim::Colour::none)
            << std::flush;
}

int run(const Options& options) {
  const auto text = text_of(options.scenario);
  if (!text) {
    std::cerr << text.error() << '\n';
    return bad_input;
  }
  const auto scenario = sim::read_scenario(options.scenario, *text);
  if (!scenario) {
    std::cerr << scenario.error().message() << '\n';
    return bad_input;
  }
  const auto seed = options.seed.value_or(scenario->seed);
  // With --json, standard output has only JSON.
  (options.as_json ? std::cerr : std::cout)
      << "seed " << seed << "; to repeat: kamailio-sim run " << argument_for(options.scenario)
      << " --seed " << seed << "\n";
  const auto played = sim::play(*scenario, seed);
  if (options.as_json) {
    std::cout << sim::timeline_json(
        {.scenario = options.scenario, .seed = seed, .claim = scenario->claim}, played);
  } else {
    print_timeline(*scenario, played);
  }
  if (played.stopped) {
    const auto& [place, what] = *played.stopped;
    std::cerr << yaml::BadInput{.file = options.scenario, .place = place, .text = what}.message()
              << '\n';
    return bad_input;
  }
  return 0;
}

int list_all() {
  std::cout
      << "Built-in scenarios ('kamailio-sim run NAME' runs one, 'kamailio-sim list NAME' prints "
         "it):\n\n";
  for (const auto& example : sim::builtin_examples()) {
    const auto scenario = sim::read_scenario(std::string(example.name), std::string(example.text));
    std::cout << "  " << example.name << "\n      "
              << (scenario ? scenario->claim : scenario.error().message()) << '\n';
  }
  std::cout << "\nKeys of a scenario (docs/simulator.md):\n\n";
  for (const auto& word : sim::scenario_words()) {
    std::cout << "  " << (word.where.empty() ? "" : word.where + ": ") << word.name
              << (word.allowed.empty() ? "" : " = " + word.allowed) << "\n      " << word.meaning
              << '\n';
  }
  std::cout
      << "\nOptions of the programs (a time has a unit: us, ms, s, min or h, such as 1.5s):\n\n";
  for (const auto& option : sim::profile_options()) {
    std::cout << "  " << option.actor << ": " << option.name << " = " << option.allowed
              << (option.usual.empty() ? "" : "; default: " + option.usual) << "\n      "
              << option.meaning << '\n';
  }
  return 0;
}

int list(const std::string& scenario) {
  if (scenario.empty()) {
    return list_all();
  }
  const auto text = builtin_text(scenario);
  if (!text) {
    std::cerr << text.error() << '\n';
    return bad_input;
  }
  std::cout << *text;
  return 0;
}

// Only digits; a leading 0 would be ambiguous, because some programs read it as octal.
std::uint64_t seed_in(const std::string& word) {
  const auto seed = base::number_in<std::uint64_t>(word);
  const bool is_ambiguous = word.size() > 1 && word.starts_with('0');
  if (!seed || is_ambiguous) {
    throw CLI::ValidationError(
        "--seed",
        "invalid seed '" + word + "': expected a whole decimal number below 2^64, such as 7");
  }
  return *seed;
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* const command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* const option : app.get_options()) {
    for (const auto& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  for (const auto* const command : app.get_subcommands({})) {
    const auto more = names_of_options(*command);
    names.insert(names.end(), more.begin(), more.end());
  }
  return names;
}

// For unknown words, CLI11 reports only those that were left over.
std::optional<std::string> complaint_of_command(const CLI::App& app, const std::string& word) {
  const auto names = names_of_commands(app);
  if (word.starts_with('-') || std::ranges::find(names, word) != names.end()) {
    return std::nullopt;
  }
  const bool is_scenario = is_path(word) || sim::find_builtin_example(word) != nullptr;
  return "unknown command '" + word + "': expected " + yaml::alternatives(names) +
         (is_scenario ? "; did you mean: kamailio-sim run " + quoted(word) + "?"
                      : did_you_mean(word, names));
}

std::optional<std::string> complaint_of_option(const CLI::App& app, const std::string& word) {
  const auto name = word.substr(0, word.find('='));
  const auto names = names_of_options(app);
  if (!name.starts_with("--") || name == "--" || std::ranges::find(names, name) != names.end()) {
    return std::nullopt;
  }
  return "unknown option '" + name + "'" + did_you_mean(name, names);
}

std::optional<std::string> complaint_of(const CLI::App& app,
                                        const std::vector<std::string>& words) {
  if (words.empty()) {
    return "missing command; run 'kamailio-sim help' for a list";
  }
  if (auto complaint = complaint_of_command(app, words.front())) {
    return complaint;
  }
  for (const auto& word : words) {
    if (auto complaint = complaint_of_option(app, word)) {
      return complaint;
    }
  }
  return std::nullopt;
}

int do_as_told(int argc, char** argv, Options& options) {
  CLI::App app("Runs the agent in a simulated machine, in virtual time.", "kamailio-sim");
  app.require_subcommand(1);
  app.set_version_flag("--version", "kamailio-sim " SIM_VERSION);
  auto* const run_command = app.add_subcommand("run", "run a scenario and print its timeline");
  run_command
      ->add_option(
          "SCENARIO", options.scenario,
          "name of a built-in scenario, or a file: a path that contains / or ends in .yaml")
      ->required();
  run_command
      ->add_option_function<std::string>(
          "--seed", [&](const std::string& word) { options.seed = seed_in(word); },
          "seed of the random numbers; the same seed gives the same run")
      ->type_name("NUMBER");
  run_command->add_flag("--json", options.as_json, "print JSON");
  auto* const list_command =
      app.add_subcommand("list", "list the built-in scenarios and the keys of a scenario");
  list_command->add_option("SCENARIO", options.scenario,
                           "print this built-in scenario as a template");
  const auto* const help_command = app.add_subcommand("help", "print help for all commands");
  try {
    if (const auto complaint = complaint_of(app, {argv + 1, argv + argc})) {
      std::cerr << *complaint << '\n';
      return bad_input;
    }
    app.parse(argc, argv);
    if (help_command->parsed()) {
      // app.help() would print this command only.
      std::cout << app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::All);
      return 0;
    }
    return run_command->parsed() ? run(options) : list(options.scenario);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : bad_input;
  }
}

// A run whose output was lost has failed.
int end_with(int code) {
  std::cout.flush();
  if (std::cout) {
    return code;
  }
  std::cerr << "kamailio-sim: cannot write to standard output\n";
  return code == 0 ? not_written : code;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  try {
    return end_with(do_as_told(argc, argv, options));
  } catch (const std::exception& error) {
    std::cerr << options.scenario << ": " << error.what() << '\n';
    return bad_input;
  }
}
