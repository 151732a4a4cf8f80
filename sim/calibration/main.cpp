// What the real programs do, recorded and held against what was recorded. Run by ci/calibrate.

#include "sim/calibration/command_line.h"
#include "sim/calibration/compare.h"
#include "sim/calibration/node_player.h"
#include "sim/calibration/reader.h"
#include "sim/calibration/real/player.h"
#include "sim/calibration/session.h"
#include "sim/calibration/writer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <list>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace calibration {
namespace {

namespace fs = std::filesystem;

enum ExitCode { as_recorded = 0, differs = 1, bad_input = 2 };

struct Recordings {
  std::string file;
  std::string text;
  std::vector<Situation> situations;
  std::unique_ptr<Player> player;
  std::vector<std::pair<Lines, Facts>> changes;
};

struct Sum {
  int same = 0;
  int different = 0;
};

std::optional<std::string> text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? std::optional(text.str()) : std::nullopt;
}

std::optional<Recordings> read(const std::string& file) {
  auto text = text_of(file);
  if (!text) {
    std::cerr << file << ": cannot be read\n";
    return std::nullopt;
  }
  auto situations = read_situations(file, *text, [&](const std::string& name) {
    return text_of(fs::path(file).parent_path() / "config" / (name + ".cfg"));
  });
  if (!situations) {
    std::cerr << situations.error().message() << "\n";
    return std::nullopt;
  }
  return Recordings{.file = file, .text = *std::move(text), .situations = *std::move(situations)};
}

bool write(const Recordings& recordings, bool prints) {
  const auto text = with_facts(recordings.text, recordings.changes);
  if (prints) {
    std::cout << text;
    return true;
  }
  std::ofstream file(recordings.file, std::ios::trunc);
  return static_cast<bool>(file << text << std::flush);
}

bool is_chosen(const Situation& situation, const CommandLine& line) {
  return line.only.empty() ? !(line.is_quick && situation.is_slow)
                           : std::ranges::find(line.only, situation.id) != line.only.end();
}

// Lines behind the first one stand below it.
std::string set_in(const std::string& text) {
  std::string result;
  for (const char character : text) {
    result += character;
    if (character == '\n') {
      result += "             ";
    }
  }
  return result;
}

// Whether it is as recorded.
bool report(const Situation& situation, const host::Result<Observation>& seen, std::ostream& out) {
  if (!seen) {
    out << situation.id << ": " << seen.error().text << "\n";
    return false;
  }
  if (!situation.facts) {
    out << situation.id << ": nothing is recorded\n";
    return false;
  }
  const auto differences = compare(*situation.facts, *seen);
  for (const auto& difference : differences) {
    out << situation.id << ": " << difference.field
        << "\n  recorded:  " << set_in(difference.recorded)
        << "\n  seen:      " << set_in(difference.seen) << "\n";
  }
  return differences.empty();
}

std::vector<Job> jobs_for(std::list<Recordings>& all, const CommandLine& line, Sum& sum) {
  std::vector<Job> jobs;
  for (auto& recordings : all) {
    for (const auto& situation : recordings.situations) {
      if (!is_chosen(situation, line)) {
        continue;
      }
      const auto tell = [&](const host::Result<Observation>& seen) {
        const bool is_same = report(situation, seen, line.prints ? std::cerr : std::cout);
        ++(is_same ? sum.same : sum.different);
        if (!is_same && seen) {
          recordings.changes.emplace_back(
              situation.fact_lines, as_facts(*seen, situation.facts ? &*situation.facts : nullptr));
        }
      };
      jobs.push_back({.player = *recordings.player, .situation = situation, .tell = tell});
    }
  }
  return jobs;
}

std::vector<std::string> options_for_players(const CommandLine& line) {
  std::vector<std::string> options;
  for (const auto& [name, path] : line.programs) {
    options.insert(options.end(), {"--program", name + "=" + fs::absolute(path).string()});
  }
  return options;
}

int play_on_nodes(const CommandLine& line) {
  const auto this_program = fs::canonical("/proc/self/exe").string();
  std::list<Recordings> all;
  for (const auto& file : line.files) {
    auto recordings = read(fs::absolute(file).string());
    if (!recordings) {
      return bad_input;
    }
    all.push_back(*std::move(recordings));
    all.back().player = std::make_unique<NodePlayer>(IN_NODE, this_program,
                                                     options_for_players(line), all.back().file);
  }
  Sum sum;
  const auto jobs = jobs_for(all, line, sum);
  if (jobs.empty()) {
    std::cerr << "none of the situations is chosen\n";
    return bad_input;
  }
  constexpr unsigned at_a_time = 4;  // they wait more than they work
  play_all(jobs, at_a_time);
  const bool records = line.command == Command::record;
  for (const auto& recordings : all) {
    if (records && !write(recordings, line.prints)) {
      std::cerr << recordings.file << ": cannot be written\n";
      return bad_input;
    }
  }
  (line.prints ? std::cerr : std::cout)
      << sum.same << " situations as recorded, " << sum.different << " differ\n";
  return sum.different == 0 || records ? as_recorded : differs;
}

int play_here(const CommandLine& line) {
  const auto& file = line.files.front();
  const auto& id = line.only.front();
  const auto recordings = read(file);
  if (!recordings) {
    return bad_input;
  }
  const auto situation = std::ranges::find(recordings->situations, id, &Situation::id);
  if (situation == recordings->situations.end()) {
    std::cerr << file << " has no situation " << id << "\n";
    return bad_input;
  }
  RealPlayer player(line.programs);
  const auto observation = player.play(*situation);
  if (!observation) {
    std::cerr << id << ": " << observation.error().text << "\n";
    return differs;
  }
  std::cout << write_observation(*observation);
  return as_recorded;
}

}  // namespace
}  // namespace calibration

int main(int argc, char** argv) {
  const auto line = calibration::parse({argv + 1, argv + argc});
  if (!line) {
    std::cerr << calibration::usage;
    return calibration::bad_input;
  }
  return line->command == calibration::Command::play ? calibration::play_here(*line)
                                                     : calibration::play_on_nodes(*line);
}
