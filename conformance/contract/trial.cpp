#include "conformance/contract/trial.h"

#include "conformance/cluster/cluster.h"
#include "sim/cluster/call.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

namespace contract {
namespace {

using std::chrono::milliseconds;

// Every Debian has setpriv(1), which changes the user without a new session.
const std::string as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups -- ";

std::string joined(const std::vector<std::string>& items, std::size_t at_most) {
  std::string text;
  for (std::size_t i = 0; i < items.size() && i < at_most; ++i) {
    text += (i == 0 ? "" : ", ") + items[i];
  }
  return items.size() > at_most ? text + ", and " + std::to_string(items.size() - at_most) + " more"
                                : text;
}

std::string codes_text(const Codes& codes) {
  std::vector<std::string> texts;
  for (const int code : codes) {
    texts.push_back(code_text(code));
  }
  return joined(texts, texts.size());
}

std::string made_directory() {
  std::string path = "/tmp/ocf-contract-XXXXXX";
  // Other users execute its files.
  if (::mkdtemp(path.data()) == nullptr || ::chmod(path.c_str(), 0755) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return path;
}

bool is_known(int code) {
  return std::ranges::any_of(cluster::exit_codes(),
                             [&](const auto& known) { return known.second == code; });
}

std::string step_text(const std::string& action, const How& how, const Subject& subject) {
  std::string text = action.empty() ? "no action" : action;
  for (const auto& argument : how.further_arguments) {
    text += " " + (argument.empty() ? "\"\"" : argument);
  }
  if (how.resource && how.resource->name != subject.resource.name) {
    text += " of " + how.resource->name;
  }
  if (how.check_level) {
    text += ", check level " + std::to_string(*how.check_level);
  }
  if (how.kill_after) {
    text += ", killed after " + std::to_string(how.kill_after->count()) + " us";
  }
  for (const auto& [name, value] : how.environment) {
    text += ", " + name + "=" + value;
  }
  for (const auto& [name, caller] : cluster::callers()) {
    text += caller == how.caller && caller != cluster::Caller::pacemaker ? ", by " + name : "";
  }
  return text + (how.user == User::nobody ? ", as nobody" : "");
}

std::string answer_text(const Call& call) {
  const auto& result = call.result;
  std::string text = call.step + ": ";
  if (result.killed || result.timed_out) {
    return text + (result.killed ? "killed" : "timed out");
  }
  return text + code_text(result.code) + (result.reason.empty() ? "" : ": " + result.reason) +
         " in " + std::to_string(result.took.count()) + " ms";
}

// Sends the signal, and waits until each process is in an expected state.
void signal_until(const std::map<pid_t, Process>& processes, int signal,
                  const std::function<bool(char)>& is_right) {
  constexpr std::chrono::seconds patience(5);
  for (const auto& [pid, process] : processes) {
    ::kill(pid, signal);
  }
  Trial::eventually(patience, [&] {
    return std::ranges::all_of(processes,
                               [&](const auto& entry) { return is_right(state_of(entry.first)); });
  });
}

}  // namespace

std::string code_text(int code) {
  return cluster::exit_code_name(code) + " (" + std::to_string(code) + ")";
}

bool is_one_of(int code, const Codes& codes) {
  return std::ranges::find(codes, code) != codes.end();
}

Trial::Trial(const Subject& subject)
    : subject_(subject),
      begin_(std::chrono::steady_clock::now()),
      scratch_(made_directory()),
      before_(processes_below(subject.surroundings.reaper)) {}

host::Duration Trial::now() const {
  return std::chrono::duration_cast<host::Duration>((std::chrono::steady_clock::now() - begin_) *
                                                    subject_.rate);
}

milliseconds Trial::advised_timeout(const std::string& action) const {
  milliseconds longest{0};
  for (const auto& advised : meta_data().actions) {
    if (advised.name == action) {
      longest = std::max(longest, duration_in(advised.timeout).value_or(milliseconds(0)));
    }
  }
  return longest.count() > 0 ? longest : std::chrono::seconds(20);
}

const cluster::Cluster& Trial::cluster_of(User user) {
  if (user == User::root) {
    return subject_.cluster;
  }
  if (!as_nobody_) {
    const auto path = scratch_ + "/as-nobody";
    std::ofstream(path) << "#!/bin/sh\nexec " << as_nobody
                        << cluster::quoted_for_shell(subject_.cluster.agent()) << " \"$@\"\n";
    std::filesystem::permissions(path, std::filesystem::perms(0755));
    as_nobody_.emplace(subject_.cluster.with_agent(path));
  }
  return *as_nobody_;
}

Call Trial::run(const std::string& action, const How& how) {
  const auto at_least = std::chrono::duration_cast<milliseconds>(std::chrono::seconds(30));
  const cluster::Operation operation = {.action = action,
                                        .timeout = std::max(advised_timeout(action) * 2, at_least),
                                        .check_level = how.check_level,
                                        .kill_after = how.kill_after,
                                        .victim = how.victim,
                                        .further_arguments = how.further_arguments,
                                        .environment = how.environment,
                                        .caller = how.caller};
  Call call{.step = step_text(action, how, subject_), .action = action, .result = {}};
  call.result = cluster_of(how.user).run(how.resource.value_or(subject_.resource), operation);
  note(call);
  return call;
}

void Trial::note(const Call& call) {
  const std::scoped_lock lock(mutex_);
  constexpr std::size_t most_lines = 20;
  std::istringstream err(call.result.err);
  std::string line;
  std::size_t lines = 0;
  for (; std::getline(err, line); ++lines) {
    if (lines < most_lines) {
      timeline_.push_back({.at = now(), .who = "agent", .what = line});
    }
  }
  if (lines > most_lines) {
    timeline_.push_back({.at = now(),
                         .who = "agent",
                         .what = "... and " + std::to_string(lines - most_lines) + " more lines"});
  }
  timeline_.push_back({.at = now(), .who = "cluster", .what = answer_text(call)});
}

void Trial::note_deed(const std::string& what, const std::map<pid_t, Process>& processes) {
  constexpr std::size_t enough = 5;
  const std::scoped_lock lock(mutex_);
  timeline_.push_back(
      {.at = now(), .who = "somebody", .what = what + " " + joined(names_of(processes), enough)});
}

// The time by the agent's clock, but never less than the kernel needs.
milliseconds Trial::patience(milliseconds of_the_agent) const {
  constexpr milliseconds for_the_kernel(50);
  return std::max(for_the_kernel,
                  std::chrono::duration_cast<milliseconds>(
                      std::chrono::duration<double, std::milli>(of_the_agent) / subject_.rate));
}

Trial::~Trial() {
  std::error_code error;
  std::filesystem::remove_all(scratch_, error);
}

Call Trial::call(const std::string& action, const How& how) {
  auto call = run(action, how);
  judge(call);
  return call;
}

std::future<Call> Trial::call_in_background(const std::string& action, const How& how) {
  static_cast<void>(cluster_of(how.user));  // created before there are threads
  return std::async(std::launch::async, [this, action, how] { return run(action, how); });
}

Call Trial::finish(std::future<Call> future) {
  auto call = future.get();
  judge(call);
  return call;
}

bool Trial::started(const How& how) {
  const auto start = run("start", how);
  if (start.result.code != success) {
    does_not_fit(answer_text(start));
  }
  return start.result.code == success;
}

bool Trial::has_promoted() {
  if (!started()) {
    return false;
  }
  const auto promote = run("promote", {});
  if (promote.result.code != success) {
    does_not_fit(answer_text(promote));
  }
  return promote.result.code == success;
}

bool Trial::can_be_nobody() {
  const auto can = [](const std::string& command) {
    return std::system((as_nobody + command + " 2>/dev/null").c_str()) == 0;
  };
  if (!can("true")) {
    does_not_fit("needs root and an ordinary user on this node");
    return false;
  }
  const bool can_run = can("test -x " + cluster::quoted_for_shell(subject_.cluster.agent()));
  if (!can_run) {
    does_not_fit("an ordinary user cannot run the file");
  }
  return can_run;
}

std::string Trial::consequence(const Call& call, const Codes& expected) const {
  return cluster::consequence_of({.action = call.action,
                                  .expected = expected.empty() ? success : expected.front(),
                                  .seen = call.result.code,
                                  .timed_out = call.result.timed_out,
                                  .lives = !processes().empty()});
}

void Trial::judge(const Call& call) {
  const auto& result = call.result;
  if (result.timed_out) {
    expect(call, false, "a result before the timeout", "a result",
           "none after " + std::to_string(result.took.count()) + " ms: it was killed",
           consequence(call, {success}));
  } else if (!result.killed) {
    expect(call, is_known(result.code), "an exit code of OCF 1.1", "one of 0 to 9, 190, 191",
           std::to_string(result.code), "the cluster would treat it as 1");
  }
}

bool Trial::expect_code(const Call& call, const Codes& codes, const std::string& rule) {
  if (call.result.timed_out || !is_known(call.result.code)) {
    return false;  // already reported
  }
  const auto& reason = call.result.reason;
  return expect(call, is_one_of(call.result.code, codes), rule, codes_text(codes),
                code_text(call.result.code) + (reason.empty() ? "" : ": " + reason),
                consequence(call, codes));
}

bool Trial::expect_monitor(const Codes& codes, const How& how) {
  return expect_code(call("monitor", how), codes);
}

bool Trial::expect(const Call& call, bool holds, const std::string& rule,
                   const std::string& expected, const std::string& seen,
                   const std::string& consequence) {
  if (!holds) {
    findings_.push_back({.rule = rule,
                         .step = call.step,
                         .expected = expected,
                         .seen = seen,
                         .consequence = consequence});
  }
  return holds;
}

bool Trial::expect_none(const Call& call, const std::vector<std::string>& found,
                        const std::string& rule, const std::string& consequence) {
  constexpr std::size_t enough = 5;
  return expect(call, found.empty(), rule, "none", joined(found, enough), consequence);
}

void Trial::does_not_fit(const std::string& reason) { misfit_ = reason; }

void Trial::withdraw(const std::string& reason) {
  findings_.clear();
  misfit_ = reason;
}

bool Trial::eventually(milliseconds patience, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

Snapshot Trial::look() const { return look_at(subject_.surroundings, scratch_); }

std::map<pid_t, Process> Trial::processes() const {
  return new_processes(before_, processes_below(subject_.surroundings.reaper));
}

std::map<pid_t, Process> Trial::lasting_processes(const std::map<pid_t, Process>& expected) const {
  std::map<pid_t, Process> found;
  eventually(patience(milliseconds(500)), [&] {
    found = new_processes(expected, processes());
    return found.empty();
  });
  return found;
}

std::map<pid_t, Process> Trial::lost_processes(const std::map<pid_t, Process>& before) const {
  std::map<pid_t, Process> lost;
  eventually(patience(milliseconds(100)), [&] {
    lost = new_processes(processes(), before);
    return !lost.empty();
  });
  return lost;
}

void Trial::freeze(const std::map<pid_t, Process>& processes) {
  note_deed("freezes", processes);
  signal_until(processes, SIGSTOP, [](char state) { return state == 'T' || state == 'X'; });
}

void Trial::kill(const std::map<pid_t, Process>& processes) {
  note_deed("kills", processes);
  signal_until(processes, SIGKILL, [](char state) { return state == 'X'; });
}

}  // namespace contract
