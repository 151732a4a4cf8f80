#include "agent/posix/file_system.h"

#include "agent/host/contract/file_system_contract.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/test_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <optional>
#include <system_error>

namespace posix {
namespace {

void check(int result, const std::string& path) {
  if (result != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
}

class PosixFileSystemWorld final : public host::contract::FileSystemWorld {
 public:
  PosixFileSystemWorld() : former_mask_(::umask(022)) {}
  ~PosixFileSystemWorld() override { ::umask(former_mask_); }

  host::FileSystem& files() override { return files_; }
  std::string directory() override { return directory_.path(); }

  void write(const std::string& path, const std::string& text) override {
    std::ofstream(path, std::ios::binary) << text;
    set_mode(path, 0644);
  }
  void make_directory(const std::string& path) override {
    check(::mkdir(path.c_str(), 0755), path);
  }
  void make_fifo(const std::string& path) override { check(::mkfifo(path.c_str(), 0644), path); }
  void make_link(const std::string& target, const std::string& at) override {
    check(::symlink(target.c_str(), at.c_str()), at);
  }
  void set_mode(const std::string& path, unsigned mode) override {
    check(::chmod(path.c_str(), mode), path);
  }
  void give_to(const std::string& path, host::Owner owner) override {
    check(::lchown(path.c_str(), owner.user, owner.group), path);
  }
  std::string endless_device() override { return "/dev/zero"; }

  bool exists(const std::string& path) override {
    struct stat status = {};
    return ::lstat(path.c_str(), &status) == 0;
  }
  host::Owner owner_of(const std::string& path) override {
    const auto status = status_of(path);
    return {.user = status.st_uid, .group = status.st_gid};
  }
  unsigned mode_of(const std::string& path) override { return status_of(path).st_mode & 07777; }

  void set_creation_mask(unsigned mask) override { ::umask(mask); }

  bool has_root() override { return ::geteuid() == 0; }
  host::Owner own_ids() override { return {.user = ::geteuid(), .group = ::getegid()}; }
  host::Owner ordinary_ids() override {
    return {.user = testing::ordinary_id, .group = testing::ordinary_id};
  }
  void as_ordinary_user(const std::function<void()>& act) override {
    testing::act_as_ordinary_user(testing::Ids::effective, act);
  }

 private:
  static struct stat status_of(const std::string& path) {
    struct stat status = {};
    check(::lstat(path.c_str(), &status), path);
    return status;
  }

  mode_t former_mask_;
  testing::TestDirectory directory_;
  PosixFileSystem files_;
};

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<FileSystemWorld> posix_files = {
    "posix", [] { return std::make_unique<posix::PosixFileSystemWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, FileReadContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileReadPermissionContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileStatusContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileStatusPermissionContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileAccessContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileAccessPermissionContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, DirectoryCreationContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, DirectoryCreationPermissionContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, ExposureContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, DirectoryTakingContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileReplacementContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileReplacementPermissionContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileRemovalContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, FileRemovalPermissionContract, testing::Values(posix_files));
INSTANTIATE_TEST_SUITE_P(Posix, RemovalThroughLinksContract, testing::Values(posix_files));

}  // namespace host::contract
