#include "conformance/faults/selection.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace faults {
namespace {

// They do not return, or not from the call that was made.
const std::set<std::string> calls_without_a_result = {"exit", "exit_group", "rt_sigreturn",
                                                      "restart_syscall"};

// They fail only for arguments that no program passes by accident, such as a bad address.
const std::set<std::string> calls_that_never_fail = {
    "arch_prctl",     "getegid",         "geteuid",         "getgid",    "getpgrp", "getpid",
    "getppid",        "gettid",          "getuid",          "prlimit64", "rseq",    "rt_sigaction",
    "rt_sigprocmask", "set_robust_list", "set_tid_address", "umask"};

// It reports a failure by an address, as which the C library would take the error.
const std::set<std::string> calls_without_an_error = {"brk"};

// An injected failure leaves the descriptor open, and Linux closes it even where it reports one.
const std::set<std::string> calls_that_close = {"close", "close_range"};

// Those that wait for something (signal(7)), and what opens or reads a file, which may be of FUSE.
// All others return before they look at signals, or are restarted by the kernel.
const std::set<std::string> calls_that_are_interrupted = {
    "accept4", "clock_nanosleep", "connect", "dup2",   "dup3",    "epoll_wait",      "flock",
    "futex",   "getrandom",       "open",    "openat", "poll",    "ppoll",           "pselect6",
    "read",    "recvfrom",        "recvmsg", "select", "sendmsg", "rt_sigtimedwait", "sendto",
    "wait4",   "waitid",          "write",   "writev"};

const std::set<std::string> calls_that_make_descriptors = {
    "accept4", "dup",    "dup2",       "dup3",  "epoll_create1", "eventfd2",      "memfd_create",
    "open",    "openat", "pidfd_open", "pipe2", "socket",        "timerfd_create"};

// The kernel's allocator fails in any call, and a security module or storage may refuse any.
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

// Before the agent's own code the kernel and the dynamic loader are at work, which end the process
// as they see fit. The loader unmaps the index of libraries as its last step.
std::vector<Call>::const_iterator begin_of_own_code(const std::vector<Call>& calls) {
  const auto index = std::ranges::find_if(calls, [](const Call& call) {
    return call.name == "openat" && call.text.find("/ld.so.cache\"") != std::string::npos;
  });
  if (index == calls.end()) {
    return calls.empty() ? calls.end() : calls.begin() + 1;  // behind execve
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
    std::for_each(begin, calls.end(), [&](const Call& call) {
      if (calls_without_a_result.contains(call.name) || calls_that_never_fail.contains(call.name) ||
          calls_that_close.contains(call.name) || calls_without_an_error.contains(call.name)) {
        return;
      }
      for (const auto& error : errors_of(call.name)) {
        faults.push_back({.case_name = case_name,
                          .process = process,
                          .call = call.name,
                          .occurrence = call.occurrence,
                          .error = error});
      }
    });
  }
  return faults;
}

}  // namespace faults
