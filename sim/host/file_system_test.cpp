#include "sim/host/file_system.h"

#include "agent/host/contract/file_system_contract.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

const Identity root = {};

void check(const Errno<void>& result, const std::string& path) {
  if (!result) {
    throw std::logic_error(path + ": errno " + std::to_string(result.error()));
  }
}

class SimFileSystemWorld final : public host::contract::FileSystemWorld {
 public:
  SimFileSystemWorld() {
    make_directory("/dev");
    check(machine_.make_device(endless_device(), Inode::Type::zero_device, 0666, root), "zero");
    make_directory("/srv");
    make_directory(directory());
  }

  host::FileSystem& files() override { return files_; }
  std::string directory() override { return "/srv/here"; }

  void write(const std::string& path, const std::string& text) override {
    check(machine_.write(path, text, Writing::replace, 0644, root), path);
  }
  void make_directory(const std::string& path) override {
    check(machine_.mkdir(path, 0755, root), path);
  }
  void make_fifo(const std::string& path) override {
    check(machine_.mkfifo(path, 0644, root), path);
  }
  void make_link(const std::string& target, const std::string& at) override {
    check(machine_.symlink(target, at, root), at);
  }
  void set_mode(const std::string& path, unsigned mode) override {
    check(machine_.chmod(path, mode, root), path);
  }
  void give_to(const std::string& path, host::Owner owner) override {
    check(machine_.lchown(path, owner, root), path);
  }
  std::string endless_device() override { return "/dev/zero"; }

  bool exists(const std::string& path) override { return machine_.exists(path); }
  host::Owner owner_of(const std::string& path) override { return stat_of(path).owner; }
  unsigned mode_of(const std::string& path) override { return stat_of(path).mode; }

  void set_creation_mask(unsigned mask) override { identity_.creation_mask = mask; }

  bool has_root() override { return true; }
  host::Owner own_ids() override { return {.user = identity_.user, .group = identity_.group}; }
  host::Owner ordinary_ids() override { return {.user = 1000, .group = 1000}; }
  void as_ordinary_user(const std::function<void()>& act) override {
    const auto former =
        std::exchange(identity_, {.user = ordinary_ids().user, .group = ordinary_ids().group});
    act();
    identity_ = former;
  }

 private:
  FileStat stat_of(const std::string& path) {
    const auto stat = machine_.lstat(path, root);
    check(stat.map([](const FileStat&) {}), path);
    return *stat;
  }

  Files machine_;
  Identity identity_;
  SimFileSystem files_{machine_, identity_};
};

// States that only a simulated machine can be in.
class SimFileSystemTest : public testing::Test {
 protected:
  static constexpr std::size_t ample = 1 << 20;

  void SetUp() override {
    machine.mkdir("/run", 0755, identity);
    machine.write("/run/file", "text", Writing::replace, 0644, identity);
  }

  Files machine;                           // NOLINT: GoogleTest's way
  Identity identity;                       // NOLINT: GoogleTest's way
  SimFileSystem files{machine, identity};  // NOLINT: GoogleTest's way
};

using host::ErrorKind;
using host::contract::fails_with;

TEST_F(SimFileSystemTest, SaysWhatTheRealSystemSays) {
  EXPECT_TRUE(fails_with(files.read("/run/missing", ample), ErrorKind::not_found,
                         "/run/missing: No such file or directory"));
  EXPECT_TRUE(fails_with(files.read("/run/file/below", ample), ErrorKind::not_found,
                         "/run/file/below: Not a directory"));
}

TEST_F(SimFileSystemTest, FailsToReadWhatTheDiskCannotRead) {
  machine.add_fault("/run/file", {.call = FileCall::read});
  EXPECT_TRUE(fails_with(files.read("/run/file", ample), ErrorKind::failed,
                         "/run/file: Input/output error"));
  EXPECT_TRUE(files.status("/run/file"));
}

TEST_F(SimFileSystemTest, IsNotPermittedToChangeReadOnlyStorage) {
  machine.set_storage("/run", Storage::read_only);
  EXPECT_TRUE(fails_with(files.remove_file("/run/file"), ErrorKind::not_permitted,
                         "/run/file: Read-only file system"));
  EXPECT_TRUE(fails_with(files.create_directory("/run/new"), ErrorKind::not_permitted,
                         "/run/new: Read-only file system"));
  EXPECT_EQ(files.read("/run/file", ample), "text");
}

TEST_F(SimFileSystemTest, MakesNoDirectoryOnFullStorage) {
  machine.set_storage("/run", Storage::full);
  EXPECT_TRUE(fails_with(files.create_directory("/run/new"), ErrorKind::failed,
                         "/run/new: No space left on device"));
}

TEST_F(SimFileSystemTest, TakesNoDirectoryWhoseOwnerCannotBeChanged) {
  machine.mkdir("/run/kamailio", 0755, identity);
  machine.add_fault("/run/kamailio", {.call = FileCall::chown});
  EXPECT_TRUE(fails_with(files.take_directory("/run/kamailio"), ErrorKind::failed,
                         "/run/kamailio: Input/output error"));
}

TEST_F(SimFileSystemTest, RemovesNothingBelowADirectoryThatCannotBeRead) {
  machine.mkdir("/run/kamailio", 0755, identity);
  machine.write("/run/kamailio/file", "", Writing::replace, 0644, identity);
  machine.add_fault("/run/kamailio", {});
  EXPECT_TRUE(fails_with(files.remove_file("/run/kamailio/file"), ErrorKind::failed,
                         "/run/kamailio/file: Input/output error"));
  EXPECT_TRUE(machine.exists("/run/kamailio/file"));
}

TEST_F(SimFileSystemTest, CallsASocketOther) {
  machine.make_socket("/run/socket", identity);
  const auto status = files.status("/run/socket");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->type, host::FileType::other);
}

TEST_F(SimFileSystemTest, RefusesAPathThatIsNotAbsolute) {
  EXPECT_THROW(static_cast<void>(files.read("file", ample)), std::logic_error);
  EXPECT_TRUE(fails_with(files.remove_file("file"), ErrorKind::failed, "not an absolute path"));
}

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<FileSystemWorld> simulated_files = {
    "simulated", [] { return std::make_unique<sim::SimFileSystemWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, FileReadContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileReadPermissionContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileStatusContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileStatusPermissionContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileAccessContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileAccessPermissionContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, DirectoryCreationContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, DirectoryCreationPermissionContract,
                         testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, ExposureContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, DirectoryTakingContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileReplacementContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileReplacementPermissionContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileRemovalContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, FileRemovalPermissionContract, testing::Values(simulated_files));
INSTANTIATE_TEST_SUITE_P(Sim, RemovalThroughLinksContract, testing::Values(simulated_files));

}  // namespace host::contract
