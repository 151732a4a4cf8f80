#include "sim/calibration/real/ground.h"

#include "sim/calibration/real/sockets.h"
#include "sim/calibration/words.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>
#include <utility>

namespace calibration {
namespace {

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

// Whether other users than root get to the file.
bool is_within_reach(const fs::path& file) {
  for (auto path = file.parent_path();; path = path.parent_path()) {
    std::error_code error;
    const auto permissions = fs::status(path, error).permissions();
    if (error || (permissions & fs::perms::others_exec) == fs::perms::none) {
      return false;
    }
    if (path == path.root_path()) {
      return true;
    }
  }
}

// The program at a place that other users get to, as they do to those of the machine: a build may
// lie below a directory that is closed to them. If that cannot be done, it is where it was.
std::string brought_within_reach(const std::string& program) {
  std::error_code error;
  const auto path = fs::canonical(program, error);
  if (error || is_within_reach(path)) {
    return program;
  }
  std::string directory = "/etc/kamailio/.program-XXXXXX";  // a place that nobody looks at
  if (::mkdtemp(directory.data()) == nullptr || ::chmod(directory.c_str(), 0755) != 0) {
    return program;
  }
  auto place = directory + "/" + path.filename().string();
  std::ofstream{place};
  return ::mount(path.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) == 0 ? place : program;
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

RealGround::RealGround(Programs programs)
    : programs_(std::move(programs)),
      // Nobody's home, so that no file of this machine's root is read.
      environment_(posix::helper_environment({{"HOME", "/nonexistent"}})) {
  for (auto& [name, program] : programs_) {
    program = brought_within_reach(program);
  }
  std::error_code error;
  surroundings_.server = fs::canonical(programs_["kamailio"], error).string();
  ::umask(022);  // whatever that of the caller is: it shows in the modes of files
  for (const auto& process : living_processes(surroundings_)) {
    surroundings_.own_pids.insert(process.pid);
  }
}

host::Result<void> RealGround::make(const File& file) {
  make_parent(file.path);
  std::ofstream stream(file.path, std::ios::trunc);
  stream << file.text;
  if (!stream.flush()) {
    return failed(file.path);
  }
  return give_access(file.path, file.access);
}

host::Result<void> RealGround::make(const Directory& directory) {
  std::error_code error;
  fs::create_directories(directory.path, error);
  return give_access(directory.path, directory.access);
}

host::Result<void> RealGround::make(const PidFile& file) {
  const int pid = own_process(file.names);
  surroundings_.own_pids.insert(pid);
  return make(File{.path = file.path, .text = std::to_string(pid) + "\n", .access = file.access});
}

host::Result<void> RealGround::make(const Fifo& fifo) {
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

host::Result<void> RealGround::make(const Responder& responder) {
  auto begun = RealResponder::begin(responder);
  if (!begun) {
    return tl::unexpected(begun.error());
  }
  responders_.push_back(*std::move(begun));
  surroundings_.own_endpoints.push_back(responder.at);
  return {};
}

// The directory is covered by another layer of it, in which the file is removed.
host::Result<void> RealGround::make(const Without& without) {
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

void RealGround::set(const Variable& variable) { environment_[variable.name] = variable.value; }

host::Result<Ended> RealGround::run(const Launch& launch) {
  Launch resolved = launch;
  const auto place = programs_.find(launch.arguments.front());
  if (place != programs_.end()) {
    resolved.arguments.front() = place->second;
  }
  program_ = std::make_unique<Program>();
  return program_->run(resolved, environment_);
}

Printed RealGround::printed() const { return program_->printed(); }

void RealGround::send(int signal, int pid) { ::kill(pid, signal); }

Answered RealGround::ask(const Endpoint& at, Duration lasts) { return calibration::ask(at, lasts); }

Census RealGround::look_around() const { return calibration::look_around(surroundings_); }

host::TimePoint RealGround::now() const { return std::chrono::steady_clock::now(); }

void RealGround::wait(host::Duration duration) { std::this_thread::sleep_for(duration); }

}  // namespace calibration
