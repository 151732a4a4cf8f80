#include "agent/posix/watchdog.h"

#include "agent/base/utf8.h"
#include "agent/ocf/log_settings.h"
#include "agent/posix/activity.h"
#include "agent/posix/clock.h"
#include "agent/posix/read_write.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <utility>

namespace posix {
namespace {

// A text of limited length that grows without allocating.
class LineOnStack {
 public:
  // Control characters become blanks, and bytes that are not UTF-8 become "?".
  void append(std::string_view text) {
    while (!text.empty()) {
      const auto character = base::first_character(text);
      const auto bytes = text.substr(0, character ? character->size : 1);
      const bool is_control = character && (character->code < 0x20 ||
                                            (character->code >= 0x7F && character->code < 0xA0));
      append_bytes(!character ? "?" : is_control ? " " : bytes);
      text.remove_prefix(bytes.size());
    }
  }
  void end() { text_.at(size_++) = '\n'; }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  // Leaves room for the line end.
  void append_bytes(std::string_view bytes) {
    if (bytes.size() < text_.size() - size_) {
      size_ += bytes.copy(text_.data() + size_, bytes.size());
    }
  }

  std::array<char, 1024> text_ = {};
  std::size_t size_ = 0;
};

}  // namespace

struct Watchdog::Watch {
  std::string begin;   // "ocf-exit-reason:monitor did not end within 28.0 s: "
  std::string prefix;  // "ocf-exit-reason:"
  host::TimePoint deadline;
  std::string reason;                   // of the outcome, as one line
  std::atomic<int> code{no_outcome};    // of the outcome, set after the reason
  std::atomic<bool> is_decided{false};  // the thread that sets it may end the process, or go on

  static constexpr int no_outcome = -1;

  // True when the deadline has come, false if the main thread has ended the watch.
  [[nodiscard]] bool sleep() const {
    while (!is_decided) {
      if (std::chrono::steady_clock::now() >= deadline) {
        return true;
      }
      ::poll(nullptr, 0, poll_timeout_ms(deadline));
    }
    return false;
  }

  void speak() {
    if (is_decided.exchange(true)) {
      return;
    }
    LineOnStack line;
    const int known_code = code;
    if (known_code == no_outcome) {
      const ActivityText activity;
      line.append(begin);
      line.append(activity.view().empty() ? "the call that blocks is unknown" : "blocked while ");
      line.append(activity.view());
    } else if (known_code != 0) {
      line.append(prefix);
      line.append(reason);
    }
    line.end();
    if (known_code != 0) {
      (void)write_patiently(STDERR_FILENO, line.view(), stream_patience);
    }
    ::_exit(known_code == no_outcome ? static_cast<int>(ocf::ExitCode::generic_error) : known_code);
  }

  static void* run(void* argument) {
    const std::unique_ptr<std::shared_ptr<Watch>> watch(
        static_cast<std::shared_ptr<Watch>*>(argument));
    if ((*watch)->sleep()) {
      (*watch)->speak();
    }
    return nullptr;
  }
};

Watchdog::Watchdog(std::string_view exit_reason_prefix, std::string_view reason,
                   host::TimePoint deadline)
    : watch_(std::make_shared<Watch>()) {
  watch_->prefix = exit_reason_prefix;
  watch_->begin = watch_->prefix + std::string(reason);
  watch_->deadline = deadline;

  constexpr std::size_t stack_size = 128UL * 1024;
  sigset_t all;
  sigset_t former;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &former);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack_size);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread = {};
  auto share = std::make_unique<std::shared_ptr<Watch>>(watch_);
  if (::pthread_create(&thread, &attributes, &Watch::run, share.get()) == 0) {
    (void)share.release();  // the thread has it
  }
  ::pthread_attr_destroy(&attributes);
  ::pthread_sigmask(SIG_SETMASK, &former, nullptr);
}

void Watchdog::set_outcome(const ocf::Outcome& outcome) {
  watch_->reason = ocf::one_line(outcome.reason);
  watch_->code = static_cast<int>(outcome.code);
}

void Watchdog::stand_down() {
  if (std::exchange(has_stood_down_, true)) {
    return;
  }
  while (watch_->is_decided.exchange(true)) {
    ::pause();
  }
}

}  // namespace posix
