#include "agent/base/number.h"
#include "sim/process/real_stage.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

// Files and accounts of a process of the real machine.

namespace sim {
namespace {

host::Result<void> done(int result) { return result == 0 ? host::Result<void>() : failed(errno); }

std::optional<uid_t> user_id(const std::string& name) {
  const passwd* const entry = ::getpwnam(name.c_str());
  return entry != nullptr ? std::optional(entry->pw_uid) : base::number_in<unsigned>(name);
}

std::optional<gid_t> group_id(const std::string& name) {
  const group* const entry = ::getgrnam(name.c_str());
  return entry != nullptr ? std::optional(entry->gr_gid) : base::number_in<unsigned>(name);
}

std::optional<gid_t> group_id(const std::string& group, const std::string& user) {
  if (!group.empty()) {
    return group_id(group);
  }
  const passwd* const entry = ::getpwnam(user.c_str());
  return entry != nullptr ? std::optional(entry->pw_gid) : std::nullopt;
}

}  // namespace

bool RealStage::has_user(const std::string& name) { return user_id(name).has_value(); }
bool RealStage::has_group(const std::string& name) { return group_id(name).has_value(); }

host::Result<void> RealStage::become(const std::string& user, const std::string& group) {
  const auto uid = user_id(user);
  const auto gid = group_id(group, user);
  if (!uid || !gid) {
    return tl::unexpected(host::Error{.text = "unknown user or group"});
  }
  if (::setgroups(0, nullptr) != 0 || ::setgid(*gid) != 0 || ::setuid(*uid) != 0) {
    return failed(errno);
  }
  return {};
}

host::Result<std::string> RealStage::read_file(const std::string& path) {
  const posix::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    return failed(errno);
  }
  std::string text;
  std::array<char, 4096> part = {};
  ssize_t count = 0;
  while ((count = ::read(file.get(), part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  return count == 0 ? host::Result<std::string>(std::move(text)) : failed(errno);
}

host::Result<void> RealStage::write_file(const std::string& path, std::string_view text) {
  constexpr unsigned mode = 0666;
  const posix::Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!file.is_open()) {
    return failed(errno);
  }
  return done(::write(file.get(), text.data(), text.size()) < 0 ? -1 : 0);
}

host::Result<void> RealStage::remove_file(const std::string& path) {
  return done(::unlink(path.c_str()));
}

host::Result<void> RealStage::make_fifo(const std::string& path, unsigned mode) {
  return done(::mkfifo(path.c_str(), mode));
}

host::Result<void> RealStage::give_file(const std::string& path, const std::string& user,
                                        const std::optional<std::string>& group) {
  constexpr auto its_own = static_cast<gid_t>(-1);
  const auto uid = user_id(user);
  const auto gid = group ? group_id(*group, user) : std::optional(its_own);
  if (!uid || !gid) {
    return tl::unexpected(host::Error{.text = "unknown user or group"});
  }
  return done(::chown(path.c_str(), *uid, *gid));
}

host::Result<void> RealStage::set_mode(const std::string& path, unsigned mode) {
  return done(::chmod(path.c_str(), mode));
}

bool RealStage::may_write(const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

host::Result<StageFile> RealStage::file(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    return failed(errno);
  }
  using Type = StageFile::Type;
  const Type type = S_ISREG(status.st_mode)    ? Type::regular
                    : S_ISDIR(status.st_mode)  ? Type::directory
                    : S_ISFIFO(status.st_mode) ? Type::fifo
                    : S_ISSOCK(status.st_mode) ? Type::socket
                                               : Type::other;
  return StageFile{.type = type, .owner = status.st_uid};
}

Stage::PipeEnds RealStage::make_pipe() {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  const auto reading = add(posix::Descriptor(ends[0]), true);
  const auto writing = add(posix::Descriptor(ends[1]), false);
  return {.reading = reading, .writing = writing};
}

host::Result<Descriptor> RealStage::open_pipe(const std::string& path, int flags,
                                              bool is_attended) {
  posix::Descriptor pipe(::open(path.c_str(), flags | O_CLOEXEC));
  if (!pipe.is_open()) {
    return failed(errno);
  }
  return add(std::move(pipe), is_attended);
}

host::Result<Descriptor> RealStage::open_fifo(const std::string& path) {
  return open_pipe(path, O_RDWR | O_NONBLOCK, true);
}

Task<host::Result<Descriptor>> RealStage::open_fifo_to_write(std::string path) {
  co_return open_pipe(path, O_WRONLY, false);
}

host::Result<Descriptor> RealStage::open_read_fifo(const std::string& path) {
  return open_pipe(path, O_WRONLY | O_NONBLOCK, false);
}

}  // namespace sim
