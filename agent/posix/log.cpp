#include "agent/posix/log.h"

#include "agent/posix/activity.h"
#include "agent/posix/descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>

namespace posix {
namespace {

std::string local_time(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm broken_down = {};
  std::array<char, 64> text = {};
  ::localtime_r(&now, &broken_down);
  return {text.data(), std::strftime(text.data(), text.size(), format, &broken_down)};
}

// syslog(3) is not used, since it waits for a syslog daemon that does not read, and an agent must
// not wait.
void write_to_syslog(int priority, const std::string& tag, std::string_view text) {
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
  if (!socket.is_open() ||
      ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return;
  }
  std::string line = "<" + std::to_string(priority) + ">";
  line.append(local_time("%b %e %T ")).append(tag).append(": ").append(text);
  ::send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL);
}

void append_to_file(const std::string& path, const std::string& line) {
  const Activity activity("writing to the log file", path);
  const Descriptor file(::open(
      path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0640));
  if (file.is_open()) {
    (void)write_all(file, line);
  }
}

}  // namespace

PosixLog::PosixLog(ocf::LogSettings settings) : settings_(std::move(settings)) {}

void PosixLog::write(host::Level level, std::string_view text) {
  write(level, text, Echo::allowed);
}

void PosixLog::exit_reason(host::Level level, std::string_view text) {
  write(level, text, Echo::suppressed);
  write_to_standard_error(settings_.exit_reason_prefix + ocf::one_line(text) + "\n");
}

// After one wait in vain, there is no further wait for the reader.
void PosixLog::write_to_standard_error(std::string_view text) {
  const auto written = write_patiently(STDERR_FILENO, text, patience_);
  if (!written && written.error() == ETIMEDOUT) {
    patience_ = {};
  }
}

void PosixLog::write(host::Level level, std::string_view text, Echo echo) {
  if (level == host::Level::debug && !settings_.debug) {
    return;
  }
  const std::string message = ocf::level_name(level) + ": " + ocf::one_line(text);
  if (settings_.on_terminal) {
    if (echo == Echo::allowed) {
      write_to_standard_error(settings_.tag + ": " + message + "\n");
    }
    return;
  }
  if (settings_.facility) {
    write_to_syslog(*settings_.facility | ocf::syslog_severity(level), settings_.tag, message);
  }
  const std::string line = local_time("%b %d %T ") + " " + settings_.tag + ":    " + message + "\n";
  const bool is_debug = level == host::Level::debug;
  if (!settings_.log_file.empty() && !is_debug) {
    append_to_file(settings_.log_file, line);
  }
  if (!settings_.debug_file.empty() && (is_debug || settings_.debug_file != settings_.log_file)) {
    append_to_file(settings_.debug_file, line);
  }
  const bool somewhere =
      settings_.facility || !(is_debug ? settings_.debug_file : settings_.log_file).empty();
  if (!somewhere && echo == Echo::allowed) {
    write_to_standard_error(line);
  }
}

}  // namespace posix
