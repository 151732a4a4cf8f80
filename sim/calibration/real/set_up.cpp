#include "sim/calibration/real/set_up.h"

#include "sim/calibration/real/program.h"
#include "sim/calibration/words.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

host::Result<void> failed(const std::string& what) {
  return tl::unexpected(host::Error{.text = what + ": " + std::generic_category().message(errno)});
}

host::Result<void> give_access(const std::string& path, const Access& access) {
  const auto* const user = ::getpwnam(access.user.c_str());
  const auto* const group = ::getgrnam(access.group.c_str());
  if (user == nullptr || group == nullptr) {
    return tl::unexpected(
        host::Error{.text = path + ": no user " + access.user + " or group " + access.group});
  }
  if (::chown(path.c_str(), user->pw_uid, group->gr_gid) != 0 ||
      ::chmod(path.c_str(), static_cast<mode_t>(access.mode)) != 0) {
    return failed(path);
  }
  return {};
}

void make_parent(const std::string& path) {
  std::error_code error;  // whoever writes there sees it
  fs::create_directories(fs::path(path).parent_path(), error);
}

// A process of the player: until the player ends, or at once, and then reaped or not.
int own_process(PidOf fate) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (fate == PidOf::living) {
      ::sleep(600);
    }
    ::_exit(0);
  }
  if (fate == PidOf::dead) {
    ::waitpid(pid, nullptr, 0);
  } else if (fate == PidOf::zombie) {
    siginfo_t ended = {};
    ::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT);
  }
  return pid;
}

}  // namespace

SetUp::SetUp(Programs programs)
    : programs_(std::move(programs)),
      // Nobody's home, so that no file of this machine's root is read.
      environment_(posix::helper_environment({{"HOME", "/nonexistent"}})) {
  std::error_code error;
  surroundings_.server = fs::canonical(programs_["kamailio"], error).string();
  for (const auto& process : living_processes()) {
    surroundings_.own_pids.insert(process.pid);
  }
}

host::Result<void> SetUp::add(const Given& given) {
  return std::visit([this](const auto& thing) { return make(thing); }, given);
}

std::vector<std::string> SetUp::resolved(std::vector<std::string> arguments) const {
  const auto place = programs_.find(arguments.front());
  if (place != programs_.end()) {
    arguments.front() = place->second;
  }
  return arguments;
}

host::Result<void> SetUp::make(const File& file) {
  make_parent(file.path);
  std::ofstream stream(file.path, std::ios::trunc);
  stream << file.text;
  if (!stream.flush()) {
    return failed(file.path);
  }
  return give_access(file.path, file.access);
}

host::Result<void> SetUp::make(const Directory& directory) {
  std::error_code error;
  fs::create_directories(directory.path, error);
  return give_access(directory.path, directory.access);
}

host::Result<void> SetUp::make(const PidFile& file) {
  const int pid = own_process(file.names);
  surroundings_.own_pids.insert(pid);
  return make(File{.path = file.path, .text = std::to_string(pid) + "\n", .access = file.access});
}

host::Result<void> SetUp::make(const Fifo& fifo) {
  make_parent(fifo.path);
  if (::mkfifo(fifo.path.c_str(), 0600) != 0) {
    return failed(fifo.path);
  }
  if (fifo.reader == Fifo::Reader::silent) {
    // Held open until the player ends.
    if (::open(fifo.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC) < 0) {
      return failed(fifo.path);
    }
  }
  return give_access(fifo.path, fifo.access);
}

host::Result<void> SetUp::make(const Responder& responder) {
  auto begun = RealResponder::begin(responder);
  if (!begun) {
    return tl::unexpected(begun.error());
  }
  responders_.push_back(*std::move(begun));
  surroundings_.own_endpoints.push_back(responder.at);
  return {};
}

host::Result<void> SetUp::make(const Server& server) {
  const Program program;
  const auto ended = program.run(
      {.arguments = resolved(server.arguments), .environment = environment_, .lasts = 10s});
  if (!ended) {
    return tl::unexpected(ended.error());
  }
  if (ended->ending != Ending(Exited{0})) {
    std::string text = "the server that is given does not start";
    for (const auto& line : program.err()) {
      text += "\n  " + line;
    }
    return tl::unexpected(host::Error{.text = std::move(text)});
  }
  static_cast<void>(settle(surroundings_, 200ms, 5s));
  return {};
}

host::Result<void> SetUp::make(const Signal& signal) {
  auto sent = send(signal, surroundings_);
  static_cast<void>(settle(surroundings_, 300ms, 5s));
  return sent;
}

// The directory is covered by another layer of it, in which the file is removed.
host::Result<void> SetUp::make(const Without& without) {
  const auto directory = fs::path(without.path).parent_path().string();
  std::string layer = "/etc/kamailio/.layer-XXXXXX";  // a place that nobody looks at
  if (::mkdtemp(layer.data()) == nullptr || ::mkdir((layer + "/upper").c_str(), 0755) != 0 ||
      ::mkdir((layer + "/work").c_str(), 0755) != 0) {
    return failed(layer);
  }
  const auto options =
      "lowerdir=" + directory + ",upperdir=" + layer + "/upper,workdir=" + layer + "/work";
  if (::mount("overlay", directory.c_str(), "overlay", 0, options.c_str()) != 0 ||
      ::unlink(without.path.c_str()) != 0) {
    return failed(without.path);
  }
  return {};
}

host::Result<void> SetUp::make(const Variable& variable) {
  environment_[variable.name] = variable.value;
  return {};
}

host::Result<void> SetUp::make(const User& user) {
  user_ = user.name;
  return {};
}

Settled settle(const Surroundings& surroundings, Duration unchanged_for, Duration at_most) {
  constexpr Duration often = 10ms;  // enough looks, but no busy machine during a long watch
  const auto look_every = std::clamp(unchanged_for / 50, often, 10 * often);
  const auto begin = Clock::now();
  Settled settled{.leaves = look_around(surroundings), .since = begin};
  while (Clock::now() < settled.since + unchanged_for && Clock::now() < begin + at_most) {
    std::this_thread::sleep_for(look_every);
    if (auto now = look_around(surroundings); now != settled.leaves) {
      settled = {.leaves = std::move(now), .since = Clock::now()};
    }
  }
  return settled;
}

host::Result<void> send(const Signal& signal, const Surroundings& surroundings) {
  const auto pids = receivers(signal.to, surroundings);
  if (pids.empty()) {
    return tl::unexpected(host::Error{.text = "no process of the server to signal"});
  }
  for (const int pid : pids) {
    ::kill(pid, signal.number);
  }
  return {};
}

}  // namespace calibration
