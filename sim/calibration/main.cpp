// What the real programs do, recorded and held against what was recorded. Run by ci/calibrate.

#include "sim/calibration/command_line.h"
#include "sim/calibration/compare.h"
#include "sim/calibration/exceptions.h"
#include "sim/calibration/node_player.h"
#include "sim/calibration/real/player.h"
#include "sim/calibration/recordings.h"
#include "sim/calibration/session.h"
#include "sim/calibration/writer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <list>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace calibration {
namespace {

namespace fs = std::filesystem;

enum ExitCode { as_recorded = 0, differs = 1, bad_input = 2 };

struct Session : Recordings {
  std::unique_ptr<Player> player;
  std::vector<std::pair<Lines, Facts>> changes;
};

struct Sum {
  int same = 0;
  int different = 0;
};

std::optional<Recordings> read(const std::string& file) {
  auto recordings = load_recordings(file);
  if (!recordings) {
    std::cerr << recordings.error() << "\n";
    return std::nullopt;
  }
  return *std::move(recordings);
}

bool write(const Session& recordings, bool prints) {
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

// Whether it is as recorded, but for the exceptions.
bool report(const Situation& situation, const host::Result<Observation>& seen,
            const std::vector<Exception>& exceptions, std::ostream& out) {
  if (!seen) {
    out << situation.id << ": " << seen.error().text << "\n";
    return false;
  }
  if (!situation.facts) {
    out << situation.id << ": nothing is recorded\n";
    return false;
  }
  const auto judgement = judge(compare(*situation.facts, *seen), exceptions);
  for (const auto& difference : judgement.errors) {
    out << situation.id << ": " << difference.field
        << "\n  recorded:  " << set_in(difference.recorded)
        << "\n  seen:      " << set_in(difference.seen) << "\n";
  }
  for (const auto& exception : judgement.needless) {
    out << situation.id << ": it needs no exception any more: " << exception.reason << "\n";
  }
  return judgement.is_good();
}

// Nothing if the file is wrong, or names what is not there.
std::optional<std::vector<Exception>> read_exceptions_for(const CommandLine& line,
                                                          const std::list<Session>& all) {
  if (line.exceptions.empty()) {
    return std::vector<Exception>{};
  }
  const auto text = load_text(line.exceptions);
  if (!text) {
    std::cerr << text.error() << "\n";
    return std::nullopt;
  }
  auto exceptions = read_exceptions(line.exceptions, *text);
  if (!exceptions) {
    std::cerr << exceptions.error().message() << "\n";
    return std::nullopt;
  }
  for (const auto& exception : *exceptions) {
    const auto recordings = std::ranges::find(all, exception.recordings, &Session::name);
    if (recordings != all.end() &&
        std::ranges::find(recordings->situations, exception.id, &Situation::id) ==
            recordings->situations.end()) {
      std::cerr << line.exceptions << ": " << exception.recordings << " has no situation "
                << exception.id << "\n";
      return std::nullopt;
    }
  }
  return *std::move(exceptions);
}

// With check, what differs is not told but goes into `once_more`: beside the other situations, or
// whatever else a machine does, much takes longer than it does alone.
std::vector<Job> jobs_for(std::list<Session>& all, const CommandLine& line,
                          const std::vector<Exception>& exceptions, Sum& sum,
                          std::vector<Job>& once_more) {
  std::vector<Job> jobs;
  for (auto& recordings : all) {
    for (const auto& situation : recordings.situations) {
      if (!is_chosen(situation, line)) {
        continue;
      }
      const auto report_to = [&](std::ostream& out, const host::Result<Observation>& seen) {
        return report(situation, seen,
                      exceptions_for(exceptions, StandIn::fakes, recordings.name, situation.id),
                      out);
      };
      const auto tell = [&, report_to](const host::Result<Observation>& seen) {
        const bool is_same = report_to(line.prints ? std::cerr : std::cout, seen);
        ++(is_same ? sum.same : sum.different);
        if (!is_same && seen) {
          recordings.changes.emplace_back(
              situation.fact_lines, as_facts(*seen, situation.facts ? &*situation.facts : nullptr));
        }
      };
      const Job job{.player = *recordings.player, .situation = situation, .tell = tell};
      const auto tell_or_repeat = [&, report_to, job](const host::Result<Observation>& seen) {
        std::ostringstream untold;
        if (line.command != Command::check || report_to(untold, seen)) {
          job.tell(seen);
        } else {
          once_more.push_back(job);
        }
      };
      jobs.push_back(
          {.player = *recordings.player, .situation = situation, .tell = tell_or_repeat});
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
  std::list<Session> all;
  for (const auto& file : line.files) {
    auto recordings = read(fs::absolute(file).string());
    if (!recordings) {
      return bad_input;
    }
    all.push_back({*std::move(recordings), nullptr, {}});
    all.back().player = std::make_unique<NodePlayer>(IN_NODE, this_program,
                                                     options_for_players(line), all.back().file);
  }
  const auto exceptions = read_exceptions_for(line, all);
  if (!exceptions) {
    return bad_input;
  }
  Sum sum;
  std::vector<Job> once_more;
  const auto jobs = jobs_for(all, line, *exceptions, sum, once_more);
  if (jobs.empty()) {
    std::cerr << "none of the situations is chosen\n";
    return bad_input;
  }
  constexpr unsigned at_a_time = 8;  // they mostly wait
  play_all(jobs, at_a_time);
  for (const auto& job : once_more) {
    std::cout << job.situation.id << ": is played once more, alone\n";
  }
  play_all(once_more, 1);
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
