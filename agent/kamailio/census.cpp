#include "agent/kamailio/census.h"

#include "agent/kamailio/command_line.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace kamailio {
namespace {

using host::Process;
using host::ProcessState;

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

template <typename Range, typename Value>
bool contains(const Range& range, const Value& value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

// Whether a process runs the binary.
enum class Runs {
  binary,
  unknown,   // perhaps: a program of the same name
  relative,  // another program that a process of the instance runs
  other,
};

Runs what_it_runs(const Process& process, const Parameters& parameters,
                  const std::vector<std::string>& names, const Clues& clues) {
  const auto& places = parameters.binary.places;
  const bool is_called_so =
      !process.arguments.empty() && contains(places, process.arguments.front());
  if (process.executable.empty()) {
    const bool has_name = std::ranges::any_of(names, [&](const std::string& name) {
      return std::string_view(name).substr(0, host::longest_process_name) == process.name;
    });
    return is_called_so || has_name ? Runs::unknown : Runs::other;
  }
  // The path may be the one of the command line or the one that the kernel reports: at least one of
  // them remains after a symbolic link in the path, a start by hand through PATH, and a package
  // upgrade that has replaced the file or the link. The command line is enough, since only users of
  // the instance are trusted.
  if (is_called_so || contains(places, process.executable)) {
    return Runs::binary;
  }
  const std::string name(file_name(process.executable));
  const bool is_called_otherwise =
      !process.arguments.empty() && file_name(process.arguments.front()) == name;
  if (contains(names, name) && !is_called_otherwise) {
    return Runs::unknown;
  }
  return contains(clues.programs, name) ? Runs::relative : Runs::other;
}

// The kind of process according to its command line.
enum class Says {
  instance,  // a server with the instance's PID file
  another,   // a server with another PID file, or one that only checks its configuration and such
  nothing,   // no command line of the binary, or one without a PID file
};

Says what_it_says(const Process& process, const Parameters& parameters,
                  const std::vector<std::string>& names) {
  const auto& arguments = process.arguments;
  if (arguments.empty() || (!contains(parameters.binary.places, arguments.front()) &&
                            !contains(names, file_name(arguments.front())))) {
    return Says::nothing;
  }
  const auto options = read_options(std::span(arguments).subspan(1));
  const auto pid_file = last_value(options, "P");
  if (only_answers(options) || (pid_file && *pid_file != parameters.pidfile.path)) {
    return Says::another;
  }
  return pid_file ? Says::instance : Says::nothing;
}

// A process with its classification.
struct Candidate {
  enum class Standing { foreign, unknown, mine, impostor };

  const Process& process;
  Runs runs = Runs::other;
  Says says = Says::nothing;
  Trust trust = Trust::no;
  Standing standing = Standing::foreign;
};

class Sorting {
 public:
  Sorting(const std::vector<Process>& processes, const Parameters& parameters, const TrustIn& trust,
          const Clues& clues)
      : clues_(clues) {
    const auto names = program_names(parameters);
    for (const auto& process : processes) {
      if (process.state == ProcessState::zombie) {
        continue;
      }
      Candidate candidate{.process = process,
                          .runs = what_it_runs(process, parameters, names, clues),
                          .says = what_it_says(process, parameters, names)};
      if (process.executable.empty() && contains(clues_.known, process.id)) {
        candidate.runs = Runs::unknown;  // whatever its name is now
      }
      const bool looks_mine = has_pid_file_option(process, parameters);
      if (candidate.runs != Runs::other || looks_mine) {
        candidate.trust = trust(process.users);
        candidate.standing = by_itself(candidate, looks_mine);
        candidates_.push_back(candidate);
      }
    }
  }

  Census sort() {
    while (adopt_descendants()) {
    }
    judge_those_without_arguments();
    Census census;
    for (const auto& candidate : candidates_) {
      switch (candidate.standing) {
        case Candidate::Standing::mine:
          census.mine.push_back(candidate.process);
          break;
        case Candidate::Standing::unknown:
          census.unknown.push_back(candidate.process);
          break;
        case Candidate::Standing::impostor:
          census.impostors.push_back(candidate.process);
          break;
        case Candidate::Standing::foreign:
          break;
      }
    }
    return census;
  }

 private:
  using Standing = Candidate::Standing;

  [[nodiscard]] Standing by_itself(const Candidate& candidate, bool looks_mine) const {
    const auto& process = candidate.process;
    if (contains(clues_.known, process.id) && candidate.runs != Runs::other) {
      return Standing::mine;
    }
    if (candidate.says == Says::instance) {
      if (candidate.runs == Runs::other || candidate.trust == Trust::no) {
        return Standing::impostor;
      }
      const bool is_within_reach = process.pid_namespace == host::PidNamespace::own;
      return candidate.trust == Trust::yes && is_within_reach ? Standing::mine : Standing::unknown;
    }
    const bool is_named = clues_.named == process.id.pid;
    if (is_named && candidate.says == Says::nothing && candidate.runs == Runs::binary &&
        candidate.trust != Trust::no) {
      // A server without a PID file may have the reused pid of one that is gone.
      return candidate.trust == Trust::yes && is_illegible(candidate) ? Standing::mine
                                                                      : Standing::unknown;
    }
    return looks_mine && candidate.runs == Runs::other ? Standing::impostor : Standing::foreign;
  }

  // Returns true if there were any. A process cannot forge its parent.
  bool adopt_descendants() {
    bool has_found = false;
    for (auto& candidate : candidates_) {
      if (candidate.standing != Standing::mine && candidate.runs != Runs::other &&
          candidate.says != Says::another && is_pid_of(candidate.process.parent, Standing::mine)) {
        candidate.standing = Standing::mine;
        has_found = true;
      }
    }
    return has_found;
  }

  // Exiting processes have no arguments any more, and a process can overwrite its own.
  void judge_those_without_arguments() {
    const auto own_sessions =
        sessions([](const Candidate& candidate) { return candidate.standing == Standing::mine; });
    const auto other_sessions = sessions([](const Candidate& candidate) {
      return candidate.says == Says::another && candidate.runs != Runs::other;
    });
    for (auto& candidate : candidates_) {
      if (candidate.standing != Standing::foreign || candidate.says != Says::nothing ||
          candidate.runs == Runs::other || candidate.trust == Trust::no ||
          !is_illegible(candidate)) {
        continue;
      }
      const int session = candidate.process.session;
      const bool is_of_another =
          other_sessions.contains(session) || has_parent_elsewhere(candidate);
      if (own_sessions.contains(session) && !is_of_another) {
        candidate.standing = Standing::mine;
      } else if (!is_of_another && candidate.runs != Runs::relative) {
        candidate.standing = Standing::unknown;
      }
    }
  }

  // Excludes a server without a PID file that an administrator started: its command line shows what
  // it is.
  [[nodiscard]] static bool is_illegible(const Candidate& candidate) {
    const auto& process = candidate.process;
    return process.state == ProcessState::exiting || process.arguments.empty() ||
           file_name(process.arguments.front()) != file_name(process.executable);
  }

  [[nodiscard]] bool has_parent_elsewhere(const Candidate& candidate) const {
    return std::ranges::any_of(candidates_, [&](const Candidate& other) {
      return other.process.id.pid == candidate.process.parent && other.says == Says::another &&
             other.runs != Runs::other;
    });
  }

  [[nodiscard]] bool is_pid_of(int pid, Standing standing) const {
    return std::ranges::any_of(candidates_, [&](const Candidate& candidate) {
      return candidate.process.id.pid == pid && candidate.standing == standing;
    });
  }

  template <typename Predicate>
  [[nodiscard]] std::set<int> sessions(Predicate holds) const {
    std::set<int> found;
    for (const auto& candidate : candidates_) {
      if (holds(candidate)) {
        found.insert(candidate.process.session);
      }
    }
    return found;
  }

  const Clues& clues_;
  std::vector<Candidate> candidates_;
};

}  // namespace

Census take_census(const std::vector<Process>& processes, const Parameters& parameters,
                   const TrustIn& trust, const Clues& clues) {
  return Sorting(processes, parameters, trust, clues).sort();
}

std::vector<std::string> pid_files_named_by(const Process& process) {
  constexpr std::string_view option = "-P";
  const auto& arguments = process.arguments;
  std::vector<std::string> paths;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    if (argument == option && i + 1 < arguments.size()) {
      paths.push_back(arguments[i + 1]);
    } else if (argument.starts_with(option) && argument != option) {
      paths.push_back(argument.substr(option.size()));
    }
  }
  return paths;
}

bool has_pid_file_option(const Process& process, const Parameters& parameters) {
  return contains(pid_files_named_by(process), parameters.pidfile.path);
}

std::vector<std::string> program_names(const Parameters& parameters) {
  std::vector<std::string> names;
  for (const auto& place : parameters.binary.places) {
    if (std::string name(file_name(place)); !contains(names, name)) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::vector<std::string> other_programs_of(const std::vector<Process>& processes,
                                           const Parameters& parameters) {
  const auto known = program_names(parameters);
  std::vector<std::string> names;
  for (const auto& process : processes) {
    std::string name(file_name(process.executable));
    if (!name.empty() && !contains(known, name) && !contains(names, name)) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace kamailio
