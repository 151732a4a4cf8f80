#include "sim/machine/files.h"
#include "sim/testing/files_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace sim::testing {
namespace {

class StorageTest : public FilesTest {};
class FileFaultTest : public FilesTest {};

TEST_F(StorageTest, ThatIsReadOnlyIsNotChanged) {
  put("/open/file", "text");
  make_directory("/open/directory");
  files.set_storage("/open", Storage::read_only);
  EXPECT_EQ(replace("/open/file", ""), EROFS);
  EXPECT_EQ(replace("/open/new", ""), EROFS);
  EXPECT_EQ(error_of(files.truncate("/open/file", 0, root)), EROFS);
  EXPECT_EQ(error_of(files.mkdir("/open/directory/new", 0755, root)), EROFS);
  EXPECT_EQ(error_of(files.mkdir("/open/directory", 0755, root)), EEXIST);
  EXPECT_EQ(error_of(files.unlink("/open/file", root)), EROFS);
  EXPECT_EQ(error_of(files.unlink("/open/missing", root)), EROFS);
  EXPECT_EQ(error_of(files.rmdir("/open/directory", root)), EROFS);
  EXPECT_EQ(error_of(files.rename("/open/file", "/open/new", root)), EROFS);
  EXPECT_EQ(error_of(files.chmod("/open", 0755, root)), EROFS);
  EXPECT_EQ(error_of(files.chown("/open/file", {}, root)), EROFS);
  EXPECT_EQ(error_of(files.access("/open/file", Permission::write, root)), EROFS);
  EXPECT_EQ(contents("/open/file"), "text");
}

TEST_F(StorageTest, ThatIsReadOnlyHoldsFifosSocketsAndDevicesThatCanBeUsed) {
  EXPECT_TRUE(files.mkfifo("/open/fifo", 0600, root));
  EXPECT_TRUE(files.make_device("/open/null", Inode::Type::null_device, 0666, root));
  files.set_storage("/open", Storage::read_only);
  EXPECT_TRUE(files.open("/open/fifo", Permission::write, root));
  EXPECT_EQ(replace("/open/null", "text"), 0);
}

TEST_F(StorageTest, ThatIsFullTakesNothingMore) {
  put("/open/file", "text");
  files.set_storage("/open", Storage::full);
  EXPECT_EQ(replace("/open/new", ""), ENOSPC);
  EXPECT_EQ(error_of(files.mkdir("/open/new", 0755, root)), ENOSPC);
  EXPECT_EQ(error_of(files.symlink("target", "/open/new", root)), ENOSPC);
  EXPECT_EQ(error_of(files.make_socket("/open/new", root)), ENOSPC);
  EXPECT_EQ(append("/open/file", "more"), ENOSPC);
  EXPECT_EQ(error_of(files.truncate("/open/file", 5, root)), ENOSPC);
  EXPECT_EQ(contents("/open/file"), "text");
  EXPECT_EQ(error_of(files.truncate("/open/file", 3, root)), 0);
  EXPECT_EQ(error_of(files.rename("/open/file", "/open/other", root)), 0);
  EXPECT_EQ(error_of(files.unlink("/open/other", root)), 0);
}

TEST_F(StorageTest, ThatIsFullLeavesAnEmptyFileWhereOneWasToBeReplaced) {
  put("/open/file", "text");
  files.set_storage("/open", Storage::full);
  EXPECT_EQ(replace("/open/file", "new"), ENOSPC);
  EXPECT_EQ(contents("/open/file"), "");
}

TEST_F(StorageTest, IsThatOfTheNearestMount) {
  make_directory("/open/below");
  make_directory("/open/below/deep");
  files.set_storage("/", Storage::read_only);
  files.set_storage("/open/below", Storage::sound);
  EXPECT_EQ(replace("/open/file", ""), EROFS);
  EXPECT_EQ(replace("/open/below/deep/file", ""), 0);
  files.set_storage("/", Storage::sound);
  EXPECT_EQ(replace("/open/file", ""), 0);
}

TEST_F(StorageTest, KeepsItsFilesAndItself) {
  make_directory("/mount");
  files.set_storage("/mount", Storage::sound);
  put("/mount/file");
  put("/file");
  EXPECT_EQ(error_of(files.rename("/file", "/mount/new", root)), EXDEV);
  EXPECT_EQ(error_of(files.rename("/mount/file", "/new", root)), EXDEV);
  EXPECT_EQ(error_of(files.rename("/mount/file", "/mount/new", root)), 0);
  EXPECT_EQ(error_of(files.unlink("/mount/new", root)), 0);
  EXPECT_EQ(error_of(files.rmdir("/mount", root)), EBUSY);
  EXPECT_EQ(error_of(files.rename("/mount", "/new", root)), EBUSY);
  EXPECT_EQ(error_of(files.rename("/open", "/mount", root)), EBUSY);
}

TEST_F(StorageTest, IsThatOfADirectory) {
  put("/file");
  EXPECT_THROW(files.set_storage("/file", Storage::full), std::logic_error);
  EXPECT_THROW(files.set_storage("/missing", Storage::full), std::logic_error);
}

TEST_F(FileFaultTest, IsThatOfOneCall) {
  put("/file", "text");
  files.add_fault("/file", {.call = FileCall::unlink, .error = EIO});
  EXPECT_EQ(error_of(files.unlink("/file", root)), EIO);
  EXPECT_EQ(contents("/file"), "text");
}

TEST_F(FileFaultTest, IsThatOfEveryCallBelow) {
  make_directory("/open/a");
  put("/open/a/file", "text");
  files.add_fault("/open", {});
  EXPECT_EQ(error_of(files.read("/open/a/file", root)), EIO);
  EXPECT_EQ(error_of(files.lstat("/open/a/missing", root)), EIO);
  EXPECT_EQ(error_of(files.list("/open", root)), EIO);
  EXPECT_EQ(replace("/open/new", ""), EIO);
  EXPECT_EQ(error_of(files.stat("/", root)), 0);
  EXPECT_TRUE(files.exists("/open/a/file"));
  EXPECT_FALSE(files.exists("/open/new"));
}

TEST_F(FileFaultTest, OfAnEntryIsNotThatOfWhatIsInIt) {
  put("/open/file", "text");
  files.add_fault("/open", {.reach = FileFault::Reach::entry});
  EXPECT_EQ(error_of(files.list("/open", root)), EIO);
  EXPECT_EQ(contents("/open/file"), "text");
}

TEST_F(FileFaultTest, IsNotThatOfANameThatOnlyBeginsAlike) {
  put("/open/file", "text");
  put("/open/file2", "text");
  files.add_fault("/open/file", {});
  EXPECT_EQ(error_of(files.read("/open/file2", root)), 0);
  EXPECT_EQ(error_of(files.read("/open/file", root)), EIO);
}

TEST_F(FileFaultTest, OfTheRootIsThatOfAll) {
  files.add_fault("/", {.call = FileCall::stat, .error = ENOMEM});
  EXPECT_EQ(error_of(files.stat("/", root)), ENOMEM);
  EXPECT_EQ(error_of(files.stat("/open", root)), ENOMEM);
  EXPECT_EQ(error_of(files.lstat("/open", root)), 0);
}

TEST_F(FileFaultTest, WaitsForAFileThatIsMissing) {
  files.add_fault("/open/later/file", {.call = FileCall::read});
  make_directory("/open/later");
  put("/open/later/file", "text");
  EXPECT_EQ(error_of(files.read("/open/later/file", root)), EIO);
}

TEST_F(FileFaultTest, MeetsWhoeverComesThroughALink) {
  put("/open/file", "text");
  link("/open", "/link");
  files.add_fault("/link/file", {});
  EXPECT_EQ(error_of(files.read("/open/file", root)), EIO);
  EXPECT_EQ(error_of(files.read("/link/file", root)), EIO);
}

TEST_F(FileFaultTest, OfALinkKeepsItFromBeingFollowed) {
  put("/open/file", "text");
  link("/open", "/link");
  files.add_fault("/link", {});
  EXPECT_EQ(error_of(files.read("/link/file", root)), EIO);
  EXPECT_EQ(error_of(files.lstat("/link", root)), EIO);
  EXPECT_EQ(error_of(files.read("/open/file", root)), 0);
}

TEST_F(FileFaultTest, OfAWriteLeavesWhatWasOpened) {
  put("/file", "text");
  files.add_fault("/", {.call = FileCall::write, .error = EDQUOT});
  EXPECT_EQ(append("/file", "more"), EDQUOT);
  EXPECT_EQ(contents("/file"), "text");
  EXPECT_EQ(replace("/file", "new"), EDQUOT);
  EXPECT_EQ(contents("/file"), "");
  EXPECT_EQ(replace("/new", "new"), EDQUOT);
  EXPECT_EQ(contents("/new"), "");
}

TEST_F(FileFaultTest, ThatCameLastCounts) {
  files.add_fault("/open", {.error = EIO});
  files.add_fault("/open", {.call = FileCall::stat, .error = ENOMEM});
  EXPECT_EQ(error_of(files.stat("/open", root)), ENOMEM);
  EXPECT_EQ(error_of(files.lstat("/open", root)), EIO);
}

TEST_F(FileFaultTest, EndsWhenItIsRemoved) {
  files.add_fault("/open/", {});
  files.remove_faults("/open");
  EXPECT_EQ(error_of(files.stat("/open", root)), 0);
  EXPECT_THROW(files.remove_faults("/open"), std::logic_error);
}

TEST_F(FileFaultTest, NeedsAPlaceAndAnError) {
  EXPECT_THROW(files.add_fault("open", {}), std::logic_error);
  EXPECT_THROW(files.add_fault("/open/..", {}), std::logic_error);
  EXPECT_THROW(files.add_fault("/open", {.error = 0}), std::logic_error);
}

}  // namespace
}  // namespace sim::testing
