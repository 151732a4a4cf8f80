#include "sim/timeline/timeline.h"
#include "sim/worlds/builtin.h"
#include "sim/worlds/plot.h"
#include "sim/worlds/plot_player.h"
#include "sim/worlds/profile_reader.h"
#include "sim/yaml/text_file.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace {

constexpr int bad_input = 2;

struct Options {
  std::string world;
  std::optional<std::uint64_t> seed;
  bool as_json = false;
};

// A name is that of a built-in world; whatever looks like a path is a file.
std::optional<std::string> text_of(const std::string& world) {
  if (const auto* const builtin = sim::find_builtin_world(world)) {
    return std::string(builtin->text);
  }
  const auto text = yaml::read_text_file(world);
  return text ? std::optional(*text) : std::nullopt;
}

void print_story(const sim::Plot& plot, const sim::PlayedPlot& played) {
  if (!plot.about.empty()) {
    std::cout << plot.about << "\n";
  }
  std::cout << '\n'
            << sim::timeline_text(
                   played, ::isatty(STDOUT_FILENO) == 1 ? sim::Colour::terminal : sim::Colour::none)
            << std::flush;
}

int run(const Options& options) {
  const auto text = text_of(options.world);
  if (!text) {
    std::cerr << options.world << ": neither a file that can be read nor a built-in world; those "
              << "are listed by: kamailio-sim list\n";
    return bad_input;
  }
  const auto plot = sim::read_plot(options.world, *text);
  if (!plot) {
    std::cerr << plot.error().message() << '\n';
    return bad_input;
  }
  const auto seed = options.seed.value_or(plot->seed);
  // Standard output is for programs then.
  (options.as_json ? std::cerr : std::cout)
      << "seed " << seed << "; the same again: kamailio-sim run " << options.world << " --seed "
      << seed << "\n";
  const auto played = sim::play(*plot, seed);
  if (options.as_json) {
    std::cout << sim::timeline_json(played);
  } else {
    print_story(*plot, played);
  }
  if (played.stopped) {
    const auto& [place, what] = *played.stopped;
    std::cerr << yaml::BadInput{.file = options.world, .place = place, .text = what}.message()
              << '\n';
    return bad_input;
  }
  return 0;
}

int list() {
  std::cout << "Built-in worlds (kamailio-sim run NAME):\n\n";
  for (const auto& world : sim::builtin_worlds()) {
    const auto plot = sim::read_plot(std::string(world.name), std::string(world.text));
    std::cout << "  " << world.name << "\n      " << (plot ? plot->about : plot.error().message())
              << '\n';
  }
  std::cout << "\nWhat a world may have (docs/simulator.md):\n\n";
  for (const auto& word : sim::plot_words()) {
    std::cout << "  " << (word.where.empty() ? "" : word.where + ": ") << word.name
              << (word.allowed.empty() ? "" : " = " + word.allowed) << "\n      " << word.meaning
              << '\n';
  }
  std::cout << "\nHow programs may behave (a time has its unit, us, ms, s, min or h, as 1.5s):\n\n";
  for (const auto& option : sim::profile_options()) {
    std::cout << "  " << option.actor << ": " << option.name << " = " << option.allowed
              << (option.usual.empty() ? "" : "; usually " + option.usual) << "\n      "
              << option.meaning << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Plays the agent in a simulated machine, in virtual time.", "kamailio-sim");
  app.require_subcommand(1);
  Options options;
  auto* const run_command = app.add_subcommand("run", "play a world and print its timeline");
  run_command->add_option("WORLD", options.world, "a file, or the name of a built-in world")
      ->required();
  run_command->add_option("--seed", options.seed,
                          "decides all chance; the same seed, the same run");
  run_command->add_flag("--json", options.as_json, "print JSON");
  app.add_subcommand("list", "the built-in worlds, and all that a world may have");
  try {
    app.parse(argc, argv);
    return run_command->parsed() ? run(options) : list();
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : bad_input;
  } catch (const std::exception& error) {
    std::cerr << options.world << ": " << error.what() << '\n';
    return bad_input;
  }
}
