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

void give(const std::string& path, const std::string& user, const std::string& group) {
  const auto* const owner = ::getpwnam(user.c_str());
  const auto* const owners = ::getgrnam(group.c_str());
  if (owner == nullptr || owners == nullptr) {
    throw std::runtime_error(path + ": there is no user " + user + " or no group " + group);
  }
  if (::chown(path.c_str(), owner->pw_uid, owners->gr_gid) != 0) {
    fail("chown " + path);
  }
}

void set_mode(const std::string& path, mode_t mode) {
  if (::chmod(path.c_str(), mode) != 0) {
    fail("chmod " + path);
  }
}

}  // namespace conformance
