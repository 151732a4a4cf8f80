#include "agent/posix/accounts.h"

#include "agent/base/number.h"
#include "agent/host/clock.h"
#include "agent/host/result.h"
#include "agent/posix/activity.h"
#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/read_write.h"

#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace posix {
namespace {

// The result that the child process writes into the pipe.
struct Answer {
  enum class Kind { found, unknown, failed, without_root };

  Kind kind = Kind::failed;
  int error = 0;  // of a failure
  host::User account;
};

// getpwnam(3) and getgrnam(3) report an unknown name by a null result and, depending on the
// directory service, errno 0, ENOENT, ESRCH, EBADF or EPERM.
bool means_unknown(int errno_value) {
  return errno_value == 0 || errno_value == ENOENT || errno_value == ESRCH ||
         errno_value == EBADF || errno_value == EPERM;
}

// A failed look-up by name is a failure even if the text is a known number, since it may be a name
// that the service could not look up now.
Answer ask_once(const NameService& service, const std::string& name) {
  const auto named = service.by_name(name);
  if (named) {
    return {.kind = Answer::Kind::found, .account = *named};
  }
  if (!means_unknown(named.error())) {
    return {.kind = Answer::Kind::failed, .error = named.error()};
  }
  const auto number = base::number_in<std::uint32_t>(name);
  const auto numbered = number ? service.by_number(*number) : tl::unexpected(0);
  if (numbered) {
    return {.kind = Answer::Kind::found, .account = *numbered};
  }
  if (!means_unknown(numbered.error())) {
    return {.kind = Answer::Kind::failed, .error = numbered.error()};
  }
  return {.kind = service.by_number(0) ? Answer::Kind::unknown : Answer::Kind::without_root};
}

[[noreturn]] void answer_and_exit(const NameService& service, const std::string& name, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // If this process hangs in the kernel, nobody may wait for a descriptor that it holds.
  keep_only({pipe});
  auto answer = ask_once(service, name);
  if (answer.kind != Answer::Kind::found) {
    answer = ask_once(service, name);
  }
  (void)!::write(pipe, &answer, sizeof answer);
  ::_exit(0);
}

// Nothing if there is no answer by the deadline.
std::optional<Answer> read_answer(const Descriptor& pipe, host::TimePoint deadline) {
  pollfd readable = {.fd = pipe.get(), .events = POLLIN, .revents = 0};
  while (::poll(&readable, 1, poll_timeout_ms(deadline)) <= 0) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return std::nullopt;
    }
  }
  Answer answer;
  ssize_t size = -1;
  do {
    size = ::read(pipe.get(), &answer, sizeof answer);
  } while (size < 0 && errno == EINTR);
  return size == sizeof answer ? std::optional(answer) : std::nullopt;
}

// A child that hangs in the kernel stays a child of this process.
void end_child(pid_t child) {
  constexpr int rounds = 400;  // 2 s
  constexpr int pause_ms = 5;
  ::kill(child, SIGKILL);
  for (int round = 0; round < rounds && ::waitpid(child, nullptr, WNOHANG) == 0; ++round) {
    ::poll(nullptr, 0, pause_ms);
  }
}

template <typename Entry>
Lookup account_of(const Entry* entry) {
  if (entry == nullptr) {
    return tl::unexpected(errno);
  }
  if constexpr (requires { entry->pw_uid; }) {
    return host::User{.id = entry->pw_uid, .primary_group = entry->pw_gid};
  } else {
    return host::User{.id = entry->gr_gid, .primary_group = entry->gr_gid};
  }
}

template <auto function, typename Key>
Lookup call(Key key) {
  errno = 0;
  return account_of(function(key));
}

}  // namespace

const NameService& user_names() {
  static const NameService service = {
      .kind = "user",
      .by_name = [](const std::string& name) { return call<::getpwnam>(name.c_str()); },
      .by_number = [](std::uint32_t number) { return call<::getpwuid>(number); }};
  return service;
}

const NameService& group_names() {
  static const NameService service = {
      .kind = "group",
      .by_name = [](const std::string& name) { return call<::getgrnam>(name.c_str()); },
      .by_number = [](std::uint32_t number) { return call<::getgrgid>(number); }};
  return service;
}

host::Result<host::User> look_up(const NameService& service, const std::string& name,
                                 host::Duration patience) {
  const std::string subject = service.kind + " " + name;
  const Activity activity("looking up", subject);
  const auto failed = [&](const std::string& text) {
    return tl::unexpected(host::Error{.text = subject + ": " + text});
  };
  const auto deadline = std::chrono::steady_clock::now() + patience;
  auto pipe = make_pipe();
  if (!pipe) {
    return failed(pipe.error().text);
  }
  const pid_t child = ::fork();
  if (child < 0) {
    return failed(std::generic_category().message(errno));
  }
  if (child == 0) {
    answer_and_exit(service, name, pipe->write_end.get());
  }
  pipe->write_end.reset();
  const auto answer = read_answer(pipe->read_end, deadline);
  end_child(child);
  if (!answer) {
    return failed(std::chrono::steady_clock::now() < deadline
                      ? "the look-up ended without a result"
                      : "the name service did not answer within " + host::in_seconds(patience));
  }
  switch (answer->kind) {
    case Answer::Kind::found:
      return answer->account;
    case Answer::Kind::unknown:
      return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                        .text = subject + " is unknown on this node"});
    case Answer::Kind::without_root:
      return failed("the name service does not work: it does not find " + service.kind +
                    " 0 either");
    case Answer::Kind::failed:
      break;
  }
  return failed(std::generic_category().message(answer->error));
}

namespace {

// A field of a line of passwd(5) or group(5).
std::optional<std::uint32_t> number_in(std::string_view line, std::size_t field) {
  for (; field > 0 && !line.empty(); --field) {
    line.remove_prefix(std::min(line.find(':'), line.size() - 1) + 1);
  }
  return base::number_in<std::uint32_t>(line.substr(0, line.find(':')));
}

// The line of a local file for a name, or an empty text. A name ends where a field does.
std::string local_line(const std::string& path, const std::string& name) {
  const bool is_name = !name.empty() && name.find_first_of(":\n") == std::string::npos;
  const auto text = is_name ? "\n" + read_all(path).value_or("") : std::string();
  const auto begin = text.find("\n" + name + ":");
  return begin == std::string::npos
             ? std::string()
             : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

}  // namespace

// Kamailio's own user is almost always in the local file, and reading that needs no child process
// and no directory service.
host::Result<host::User> PosixAccounts::find_user(const std::string& name) {
  const auto line = local_line("/etc/passwd", name);
  const auto id = number_in(line, 2);
  const auto group = number_in(line, 3);
  if (id && group) {
    return host::User{.id = *id, .primary_group = *group};
  }
  return look_up(user_names(), name, name_service_patience);
}

host::Result<std::uint32_t> PosixAccounts::find_group(const std::string& name) {
  if (const auto id = number_in(local_line("/etc/group", name), 2)) {
    return *id;
  }
  const auto found = look_up(group_names(), name, name_service_patience);
  return found ? host::Result<std::uint32_t>(found->id) : tl::unexpected(found.error());
}

std::uint32_t PosixAccounts::effective_user() const { return ::geteuid(); }

}  // namespace posix
