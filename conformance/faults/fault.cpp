#include "conformance/faults/fault.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace faults {

std::string name_of(const Fault& fault) {
  return fault.case_name + "/" + fault.process + "/" + fault.call + "/" +
         std::to_string(fault.occurrence) + "/" + fault.error;
}

host::Result<Fault> fault_named(const std::string& name) {
  const auto invalid = [&] {
    return tl::unexpected(host::Error{.text = "invalid fault '" + name +
                                              "': expected CASE/PROCESS/CALL/OCCURRENCE/ERROR"});
  };
  std::vector<std::string> fields;
  std::istringstream text(name);
  for (std::string field; std::getline(text, field, '/');) {
    if (field.empty()) {
      return invalid();
    }
    fields.push_back(field);
  }
  if (fields.size() != 5) {
    return invalid();
  }
  const auto& number = fields[3];
  int occurrence = 0;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), occurrence);
  if (error != std::errc() || end != number.data() + number.size() || occurrence < 1) {
    return invalid();
  }
  return Fault{.case_name = fields[0],
               .process = fields[1],
               .call = fields[2],
               .occurrence = occurrence,
               .error = fields[4]};
}

namespace {

std::string call_name(std::string_view line) {
  const auto end = line.find('(');
  const auto name = line.substr(0, end);
  const bool is_name =
      end != std::string_view::npos && !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  return is_name ? std::string(name) : std::string();
}

// The PID that a fork call returned.
std::optional<int> child_made_by(const Call& call) {
  static const std::set<std::string> forks = {"clone", "clone3", "fork", "vfork"};
  const auto equals = call.text.rfind(" = ");
  if (!forks.contains(call.name) || equals == std::string::npos) {
    return std::nullopt;
  }
  int pid = 0;
  std::from_chars(call.text.data() + equals + 3, call.text.data() + call.text.size(), pid);
  return pid > 0 ? std::optional(pid) : std::nullopt;
}

std::vector<Call> calls_in(const std::string& log) {
  std::map<std::string, int> seen;
  std::vector<Call> calls;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (auto name = call_name(line); !name.empty()) {
      const int occurrence = ++seen[name];
      calls.push_back({.name = std::move(name), .occurrence = occurrence, .text = line});
    }
  }
  return calls;
}

void add_process(Trace& trace, const std::string& name, int pid,
                 const std::map<int, std::vector<Call>>& calls) {
  const auto own = calls.find(pid);
  if (own == calls.end()) {
    return;
  }
  trace.push_back({.name = name, .calls = own->second});
  int children = 0;
  for (const auto& call : own->second) {
    if (const auto child = child_made_by(call)) {
      add_process(trace, name + "." + std::to_string(++children), *child, calls);
    }
  }
}

}  // namespace

Trace trace_of(const std::map<int, std::string>& logs) {
  std::map<int, std::vector<Call>> calls;
  std::set<int> made;
  for (const auto& [pid, log] : logs) {
    calls[pid] = calls_in(log);
    for (const auto& call : calls[pid]) {
      if (const auto child = child_made_by(call)) {
        made.insert(*child);
      }
    }
  }
  Trace trace;
  for (const auto& [pid, own] : calls) {
    if (!made.contains(pid)) {
      add_process(trace, "agent", pid, calls);
    }
  }
  return trace;
}

std::map<int, std::string> read_logs(const std::string& prefix) {
  const std::filesystem::path path(prefix);
  std::map<int, std::string> logs;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path())) {
    if (entry.path().stem() == path.filename()) {
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      logs.emplace(std::stoi(entry.path().extension().string().substr(1)), text.str());
    }
  }
  return logs;
}

std::string injected_call(const std::string& log) {
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("(INJECTED)") != std::string::npos) {
      return line;
    }
  }
  return {};
}

namespace {

// They do not return, or not to the caller.
const std::set<std::string> calls_without_a_result = {"exit", "exit_group", "rt_sigreturn",
                                                      "restart_syscall"};

// They fail only for arguments that programs do not pass by accident, such as a bad address.
const std::set<std::string> calls_that_never_fail = {
    "arch_prctl",     "getegid",         "geteuid",         "getgid",    "getpgrp", "getpid",
    "getppid",        "gettid",          "getuid",          "prlimit64", "rseq",    "rt_sigaction",
    "rt_sigprocmask", "set_robust_list", "set_tid_address", "umask"};

// It reports a failure by an address, which the C library would treat as an error.
const std::set<std::string> calls_without_an_error = {"brk"};

// After an injected failure the descriptor stays open, but Linux closes it even if close fails.
const std::set<std::string> calls_that_close = {"close", "close_range"};

// Calls that wait (signal(7)), and those that open or read a file, which may be on FUSE. All others
// return before they check for signals, or the kernel restarts them.
const std::set<std::string> calls_that_are_interrupted = {
    "accept4", "clock_nanosleep", "connect", "dup2",   "dup3",    "epoll_wait",      "flock",
    "futex",   "getrandom",       "open",    "openat", "poll",    "ppoll",           "pselect6",
    "read",    "recvfrom",        "recvmsg", "select", "sendmsg", "rt_sigtimedwait", "sendto",
    "wait4",   "waitid",          "write",   "writev"};

const std::set<std::string> calls_that_make_descriptors = {
    "accept4", "dup",    "dup2",       "dup3",  "epoll_create1", "eventfd2",      "memfd_create",
    "open",    "openat", "pidfd_open", "pipe2", "socket",        "timerfd_create"};

// Memory allocation can fail in any call, and a security module or storage can refuse any.
std::vector<std::string> errors_of(const std::string& call) {
  std::vector<std::string> errors = {"ENOMEM", "EIO", "EACCES", "EAGAIN"};
  if (calls_that_are_interrupted.contains(call)) {
    errors.emplace_back("EINTR");
  }
  if (calls_that_make_descriptors.contains(call)) {
    errors.emplace_back("EMFILE");
  }
  return errors;
}

// Before the agent's code, the kernel and the dynamic loader run, which may end the process. The
// last step of the loader is to unmap the index of libraries.
std::vector<Call>::const_iterator begin_of_own_code(const std::vector<Call>& calls) {
  const auto index = std::ranges::find_if(calls, [](const Call& call) {
    return call.name == "openat" && call.text.find("/ld.so.cache\"") != std::string::npos;
  });
  if (index == calls.end()) {
    return calls.empty() ? calls.end() : calls.begin() + 1;  // after execve
  }
  const auto last_step =
      std::find_if(index, calls.end(), [](const Call& call) { return call.name == "munmap"; });
  return last_step == calls.end() ? last_step : last_step + 1;
}

}  // namespace

std::vector<Fault> faults_in(const std::string& case_name, const Trace& trace) {
  std::vector<Fault> faults;
  for (const auto& [process, calls] : trace) {
    const auto begin = process == "agent" ? begin_of_own_code(calls) : calls.begin();
    std::for_each(begin, calls.end(), [&, &name = process](const Call& call) {
      if (calls_without_a_result.contains(call.name) || calls_that_never_fail.contains(call.name) ||
          calls_that_close.contains(call.name) || calls_without_an_error.contains(call.name)) {
        return;
      }
      for (const auto& error : errors_of(call.name)) {
        faults.push_back({.case_name = case_name,
                          .process = name,
                          .call = call.name,
                          .occurrence = call.occurrence,
                          .error = error});
      }
    });
  }
  return faults;
}

}  // namespace faults
