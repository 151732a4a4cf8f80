#include "agent/posix/spawn.h"

#include <fcntl.h>
#include <spawn.h>

#include <csignal>

namespace posix {

std::vector<std::string> environment_lines(const Environment& environment) {
  std::vector<std::string> lines;
  lines.reserve(environment.size());
  for (const auto& [name, value] : environment) {
    lines.push_back(name + "=" + value);
  }
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& lines) {
  std::vector<char*> pointers;
  pointers.reserve(lines.size() + 1);
  for (auto& line : lines) {
    pointers.push_back(line.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

tl::expected<pid_t, int> spawn(const std::vector<std::string>& arguments,
                               const Environment& environment, int out, int err, Session session) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out, 1);
  ::posix_spawn_file_actions_adddup2(&actions, err, 2);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addchdir_np(&actions, "/");
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);

  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  ::sigfillset(&signals);
  ::posix_spawnattr_setsigdefault(&attributes, &signals);
  ::sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  const int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                    (session == Session::own                     ? POSIX_SPAWN_SETSID
                     : session == Session::shared_with_own_group ? POSIX_SPAWN_SETPGROUP
                                                                 : 0);
  ::posix_spawnattr_setflags(&attributes, static_cast<short>(flags));

  auto argument_lines = arguments;
  auto environment_text = environment_lines(environment);
  const auto argv = pointers_to(argument_lines);
  const auto envp = pointers_to(environment_text);
  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, argv.front(), &actions, &attributes, argv.data(), envp.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return tl::unexpected(error);
  }
  return pid;
}

}  // namespace posix
