#include "agent/posix/process_runner.h"

#include "agent/host/result.h"
#include "agent/posix/activity.h"
#include "agent/posix/clock.h"
#include "agent/posix/descendants.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/guard.h"
#include "agent/posix/process_handle.h"
#include "agent/posix/read_write.h"
#include "agent/posix/spawn.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posix {
namespace {

// The time after its deadline in which a helper has to end before it is abandoned.
constexpr std::chrono::seconds patience(1);

host::ProcessResult result_of(int wait_status, host::Output output) {
  if (WIFSIGNALED(wait_status)) {
    return host::Signaled{.signal = WTERMSIG(wait_status), .output = std::move(output)};
  }
  return host::Exited{.code = WEXITSTATUS(wait_status), .output = std::move(output)};
}

// If SIGCHLD is ignored, as this process may have inherited it, the kernel drops exit statuses.
void keep_statuses() { std::signal(SIGCHLD, SIG_DFL); }

bool says(const std::string& words, std::initializer_list<std::string_view> texts) {
  return !words.empty() && std::ranges::any_of(texts, [&](std::string_view text) {
    return text.find(words) != std::string_view::npos;
  });
}

void reap(pid_t pid, int* wait_status) {
  while (::waitpid(pid, wait_status, 0) < 0 && errno == EINTR) {
  }
}

// While an object exists, this process is the reaper of its descendants: what a killed guard leaves
// becomes a child of this process. A daemon is launched at another time, so that init becomes its
// parent.
class Reaper {
 public:
  Reaper() : spared_(own_children()) {
    ::prctl(PR_GET_CHILD_SUBREAPER, &former_);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  Reaper(const Reaper&) = delete;
  Reaper& operator=(const Reaper&) = delete;
  ~Reaper() { ::prctl(PR_SET_CHILD_SUBREAPER, former_); }

  void spare(pid_t guard) { spared_.push_back(guard); }

  // Ends the processes that a killed guard has left. Processes under other guards are not children
  // of this process.
  void end_remains() const { end_children_but(spared_, patience); }

 private:
  std::vector<int> spared_;  // earlier children, and the guards
  int former_ = 0;
};

pollfd input_from(int descriptor) { return {.fd = descriptor, .events = POLLIN, .revents = 0}; }

// One helper from start to result.
class RunningHelper {
 public:
  RunningHelper(const host::Command& command, const Environment& environment, Reaper& reaper)
      : program_(command.arguments.front()),
        reply_fifo_prefix_(command.reply_fifo_prefix),
        deadline_(command.deadline),
        reaper_(reaper) {
    auto started = start_guarded(command, environment);
    if (!started) {
      result_ = host::NotStarted{.error = started.error()};
      return;
    }
    guard_ = started->guard;
    reaper.spare(guard_);
    lifeline_ = std::move(started->lifeline);
    report_ = std::move(started->report);
    out_.emplace(std::move(started->out), command.ignored_lines);
    err_.emplace(std::move(started->err), command.ignored_lines);
  }

  [[nodiscard]] bool is_over() const { return result_.has_value(); }
  [[nodiscard]] host::ProcessResult result() && { return *std::move(result_); }

  // Adds its descriptors and its deadline.
  void add_to(std::vector<pollfd>& polled, host::TimePoint& deadline) const {
    if (!is_over()) {
      polled.insert(polled.end(), {input_from(report_.get()), input_from(out_->descriptor()),
                                   input_from(err_->descriptor())});
      deadline = std::min(deadline, deadline_);
    }
  }

  // Reads the available output and reports, and acts on the deadline.
  void go_on() {
    if (is_over()) {
      return;
    }
    out_->read_available();
    err_->read_available();
    pollfd report = input_from(report_.get());
    while (::poll(&report, 1, 0) > 0) {
      const auto told = read_report(report_);
      if (!told || told->is_over) {
        finish(told);
        return;
      }
      helper_ = told->helper;
    }
    if (std::chrono::steady_clock::now() >= deadline_) {
      on_deadline();
    }
  }

  // Ends the helper early; `ended_as` becomes its result once it is over.
  void end(host::ProcessResult ended_as) {
    if (!is_over() && lifeline_.is_open()) {
      ended_as_ = std::move(ended_as);
      [[maybe_unused]] const auto told = ::write(lifeline_.get(), "e", 1);
      lifeline_.reset();
      deadline_ = std::chrono::steady_clock::now() + patience;
    }
  }

 private:
  void on_deadline() {
    if (lifeline_.is_open()) {
      end(host::TimedOut{});
    } else {
      // The helper hangs in the kernel. The guard keeps waiting for it; this process has to return.
      result_ = with_output(*std::move(ended_as_));
    }
  }

  void finish(const std::optional<GuardReport>& report) {
    out_->read_available();
    err_->read_available();
    reap(guard_, nullptr);
    if (!report) {
      // The guard was killed: this process kills the guarded processes instead.
      reaper_.end_remains();
      remove_reply_fifo(reply_fifo_prefix_, helper_);
      result_ = host::Signaled{.signal = SIGKILL, .output = output()};
    } else if (report->spawn_error != 0) {
      result_ = host::NotStarted{.error = host::error_from(report->spawn_error, program_)};
    } else if (ended_as_) {
      result_ = with_output(*std::move(ended_as_));
    } else {
      result_ = result_of(report->wait_status, output());
    }
  }

  [[nodiscard]] host::Output output() const { return {.out = out_->text(), .err = err_->text()}; }

  [[nodiscard]] host::ProcessResult with_output(host::ProcessResult result) const {
    if (auto* const timed_out = std::get_if<host::TimedOut>(&result)) {
      timed_out->output = output();
    } else if (auto* const abandoned = std::get_if<host::Abandoned>(&result)) {
      abandoned->output = output();
    }
    return result;
  }

  std::string program_;
  std::string reply_fifo_prefix_;
  host::TimePoint deadline_;
  Reaper& reaper_;
  pid_t guard_ = 0;
  pid_t helper_ = 0;  // set once the guard has reported it
  Descriptor lifeline_;
  Descriptor report_;
  std::optional<Capture> out_;
  std::optional<Capture> err_;
  std::optional<host::ProcessResult> ended_as_;
  std::optional<host::ProcessResult> result_;
};

// The process that a run is bound to. If it cannot be held, it is not watched.
class Watch {
 public:
  explicit Watch(const std::optional<host::ProcessId>& process) {
    if (process) {
      auto handle = open_process(*process);
      was_gone_ = !handle && handle.error().kind == host::ErrorKind::not_found;
      if (handle) {
        handle_ = *std::move(handle);
      }
    }
  }

  [[nodiscard]] bool is_over() const { return was_gone_ || (handle_ && handle_->is_over()); }
  [[nodiscard]] int descriptor() const { return handle_ ? handle_->descriptor() : -1; }
  [[nodiscard]] host::TimePoint looks_again_at() const {
    return handle_ && handle_->descriptor() < 0
               ? std::chrono::steady_clock::now() + ProcessHandle::look_again
               : host::TimePoint::max();
  }

 private:
  std::optional<ProcessHandle> handle_;
  bool was_gone_ = false;
};

}  // namespace

std::vector<host::ProcessResult> PosixProcessRunner::run(
    std::span<const host::Command> helpers, const std::optional<host::ProcessId>& while_alive) {
  keep_statuses();
  const auto environment = helper_environment(environment_);
  Reaper reaper;
  std::vector<RunningHelper> running;
  running.reserve(helpers.size());
  for (const auto& helper : helpers) {
    running.emplace_back(helper, environment, reaper);
  }
  const Watch watch(while_alive);
  bool is_gone = watch.is_over();

  const auto is_over = [](const RunningHelper& helper) { return helper.is_over(); };
  while (!std::ranges::all_of(running, is_over)) {
    std::vector<pollfd> polled = {input_from(is_gone ? -1 : watch.descriptor())};
    auto next = is_gone ? host::TimePoint::max() : watch.looks_again_at();
    for (auto& helper : running) {
      if (is_gone) {
        helper.end(host::Abandoned{});
      }
      helper.add_to(polled, next);
    }
    ::poll(polled.data(), polled.size(), poll_timeout_ms(next));
    is_gone = is_gone || watch.is_over();
    for (auto& helper : running) {
      helper.go_on();
    }
  }

  std::vector<host::ProcessResult> results;
  results.reserve(running.size());
  for (auto& helper : running) {
    results.push_back(std::move(helper).result());
  }
  return results;
}

host::ProcessResult PosixProcessRunner::launch(const host::Command& daemon) {
  keep_statuses();
  auto out_pipe = make_pipe();
  auto err_pipe = make_pipe();
  if (!out_pipe || !err_pipe) {
    return host::NotStarted{.error = !out_pipe ? out_pipe.error() : err_pipe.error()};
  }
  const auto pid = [&] {
    // This process waits until the program has been read from its file system.
    const Activity activity("executing", daemon.arguments.front());
    return spawn(daemon.arguments, daemon_environment(environment_), out_pipe->write_end.get(),
                 err_pipe->write_end.get(), Session::shared);
  }();
  if (!pid) {
    return host::NotStarted{.error = host::error_from(pid.error(), daemon.arguments.front())};
  }
  out_pipe->write_end.reset();
  err_pipe->write_end.reset();
  Capture out(std::move(out_pipe->read_end), daemon.ignored_lines);
  Capture err(std::move(err_pipe->read_end), daemon.ignored_lines);
  const auto handle = hold_process(*pid);
  const int pidfd = handle ? handle->descriptor() : -1;

  // waitpid decides; the handle only wakes poll, which without a handle polls at intervals.
  bool timed_out = false;
  bool is_hopeless = false;
  int wait_status = 0;
  pid_t reaped = 0;
  while ((reaped = ::waitpid(*pid, &wait_status, WNOHANG)) == 0) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= daemon.deadline + patience) {
      break;  // it hangs in the kernel
    }
    if (!timed_out && !is_hopeless &&
        (now >= daemon.deadline || says(daemon.hopeless_words, {out.text(), err.text()}))) {
      timed_out = now >= daemon.deadline;
      is_hopeless = !timed_out;
      ::kill(*pid, SIGKILL);
    }
    std::array<pollfd, 3> polled = {input_from(pidfd), input_from(out.descriptor()),
                                    input_from(err.descriptor())};
    const bool short_wait = timed_out || is_hopeless || pidfd < 0;
    ::poll(polled.data(), polled.size(),
           poll_timeout_ms(short_wait ? now + ProcessHandle::look_again : daemon.deadline));
    out.read_available();
    err.read_available();
  }
  out.read_available();
  err.read_available();
  host::Output output{.out = out.text(), .err = err.text()};
  if (timed_out) {
    return host::TimedOut{.output = std::move(output)};
  }
  if (is_hopeless) {
    return host::Abandoned{.output = std::move(output)};
  }
  if (reaped < 0) {
    return host::NotStarted{.error = host::error_from(ECHILD, daemon.arguments.front())};
  }
  return result_of(wait_status, std::move(output));
}

}  // namespace posix
