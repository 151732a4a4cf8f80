#include "conformance/rigs/node_files.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace conformance {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void make_place(const fs::path& path) {
  fs::create_directories(path.parent_path());
  fs::remove_all(path);
}

}  // namespace

void write_file(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream file(path, std::ios::trunc);
  file << text;
  if (!file.flush()) {
    fail(path);
  }
}

void make_directory(const std::string& path, mode_t mode) {
  fs::create_directories(path);
  set_mode(path, mode);
}

void copy_file(const std::string& path, const std::string& source) {
  const auto copy = path + ".copy";
  fs::create_directories(fs::path(path).parent_path());
  fs::copy_file(source, copy);
  fs::rename(copy, path);
}

void make_link(const std::string& path, const std::string& target) {
  make_place(path);
  fs::create_symlink(target, path);
}

void make_fifo(const std::string& path) {
  constexpr mode_t usual = 0644;
  make_place(path);
  if (::mkfifo(path.c_str(), usual) != 0) {
    fail("mkfifo " + path);
  }
}

void give(const std::string& path, const std::string& user, const std::string& group) {
  const auto* const owner = ::getpwnam(user.c_str());
  const auto* const owners = ::getgrnam(group.c_str());
  if (owner == nullptr || owners == nullptr) {
    throw std::runtime_error(path + ": unknown user " + user + " or group " + group);
  }
  if (::lchown(path.c_str(), owner->pw_uid, owners->gr_gid) != 0) {
    fail("chown " + path);
  }
}

void set_mode(const std::string& path, mode_t mode) {
  if (::chmod(path.c_str(), mode) != 0) {
    fail("chmod " + path);
  }
}

}  // namespace conformance
