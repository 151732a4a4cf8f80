#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace posix::testing {

// A new directory that is removed with its contents. Everybody may search it. For root it is below
// directories that only root writes to.
class TestDirectory {
 public:
  TestDirectory() {
    std::string path = parent() + "/ocf-kamailio-test-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr || ::chmod(path.c_str(), 0755) != 0) {
      throw std::system_error(errno, std::generic_category(), path);
    }
    path_ = path;
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  static std::string parent() {
    if (::geteuid() != 0) {
      return std::filesystem::temp_directory_path();
    }
    // Test programs are run there.
    struct statvfs mount = {};
    const bool may_run = ::statvfs("/run", &mount) == 0 && (mount.f_flag & ST_NOEXEC) == 0;
    return may_run ? "/run" : "/var/lib";
  }

  std::string path_;
};

// A copy of posix_test_child in `directory`, where every user may run it.
inline std::string copy_of_test_child(const std::string& directory) {
  std::string path = directory + "/test_child";
  std::filesystem::copy_file(POSIX_TEST_CHILD, path);
  std::filesystem::permissions(path, std::filesystem::perms(0755));
  return path;
}

}  // namespace posix::testing
