#include "sim/machine/files.h"

#include "sim/testing/files_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace sim::testing {
namespace {

using ::testing::IsEmpty;

class FileContentsTest : public FilesTest {};
class FileCreationTest : public FilesTest {};
class RemovalTest : public FilesTest {};
class RenameTest : public FilesTest {};

TEST_F(FileContentsTest, AreWhatWasWritten) {
  put("/file", "one");
  EXPECT_EQ(files.read("/file", root), "one");
  EXPECT_EQ(replace("/file", "two"), 0);
  EXPECT_EQ(files.read("/file", root), "two");
  EXPECT_EQ(append("/file", " and three"), 0);
  EXPECT_EQ(files.read("/file", root), "two and three");
  EXPECT_EQ(files.read("/file", 3, root), "two");
  EXPECT_EQ(stat("/file").size, 13U);
}

TEST_F(FileContentsTest, AreCutAndFilledByTruncation) {
  put("/file", "12345");
  EXPECT_TRUE(files.truncate("/file", 2, root));
  EXPECT_EQ(contents("/file"), "12");
  EXPECT_TRUE(files.truncate("/file", 3, root));
  EXPECT_EQ(contents("/file"), std::string("12\0", 3));
  EXPECT_EQ(error_of(files.truncate("/missing", 0, root)), ENOENT);
  EXPECT_EQ(error_of(files.truncate("/open", 0, root)), EISDIR);
  EXPECT_TRUE(files.mkfifo("/fifo", 0666, root));
  EXPECT_EQ(error_of(files.truncate("/fifo", 0, root)), EINVAL);
}

TEST_F(FileContentsTest, OfADirectoryCannotBeReadOrWritten) {
  EXPECT_EQ(error_of(files.read("/open", root)), EISDIR);
  EXPECT_EQ(replace("/open", "text"), EISDIR);
  EXPECT_EQ(replace("/new/", "text"), EISDIR);
}

TEST_F(FileContentsTest, OfDevicesAreWithoutEndOrEmpty) {
  EXPECT_TRUE(files.make_device("/zero", Inode::Type::zero_device, 0666, root));
  EXPECT_TRUE(files.make_device("/null", Inode::Type::null_device, 0666, root));
  EXPECT_EQ(files.read("/zero", 2, root), std::string(2, '\0'));
  EXPECT_EQ(files.read("/null", root), "");
  EXPECT_EQ(replace("/null", "text"), 0);
  EXPECT_EQ(stat("/null").size, 0U);
  EXPECT_THROW(static_cast<void>(files.read("/zero", root)), std::logic_error);
}

TEST_F(FileContentsTest, OfAFifoAreNotToBeHadWithoutAWait) {
  EXPECT_TRUE(files.mkfifo("/fifo", 0600, root));
  EXPECT_THROW(static_cast<void>(files.read("/fifo", root)), std::logic_error);
  EXPECT_THROW(replace("/fifo", "text"), std::logic_error);
}

TEST_F(FileContentsTest, OfASocketAreNoneOfItsName) {
  EXPECT_TRUE(files.make_socket("/socket", root));
  EXPECT_EQ(error_of(files.read("/socket", root)), ENXIO);
  EXPECT_EQ(replace("/socket", "text"), ENXIO);
}

TEST_F(FileContentsTest, LiveOnWithoutAName) {
  put("/file", "text");
  const auto file = files.open("/file", Permission::read, root);
  EXPECT_TRUE(files.unlink("/file", root));
  put("/file", "another");
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->text, "text");
}

TEST_F(FileContentsTest, AreNoProgramAnyMoreWhenTheyAreReplaced) {
  put("/program", "", 0755);
  const auto file = files.open("/program", Permission::execute, root);
  ASSERT_TRUE(file);
  (*file)->program = "sipsak";
  (*file)->interpreter = "/bin/sh";
  EXPECT_EQ(append("/program", "x"), 0);
  EXPECT_EQ((*file)->program, "sipsak");
  EXPECT_EQ(replace("/program", "x"), 0);
  EXPECT_EQ((*file)->program, "");
  EXPECT_EQ((*file)->interpreter, "");
}

TEST_F(FileCreationTest, GivesTheFileToItsCreatorWithoutTheBitsOfTheMask) {
  const Identity strict = {.user = 1000, .group = 100, .creation_mask = 027};
  put("/open/file", "", 0666, strict);
  make_directory("/open/directory", 01777, strict);
  EXPECT_TRUE(files.mkfifo("/open/fifo", 0666, strict));
  EXPECT_EQ(stat("/open/file").mode, 0640U);
  EXPECT_EQ(stat("/open/directory").mode, 01750U);
  EXPECT_EQ(stat("/open/fifo").mode, 0640U);
  EXPECT_EQ(stat("/open/fifo").type, Inode::Type::fifo);
  EXPECT_EQ(stat("/open/file").owner, (host::Owner{.user = 1000, .group = 100}));
}

TEST_F(FileCreationTest, LeavesTheModeOfAFileThatExists) {
  put("/file", "", 0600);
  put("/file", "", 0666);
  EXPECT_EQ(stat("/file").mode, 0600U);
}

TEST_F(FileCreationTest, NeedsTheDirectoryAndThePermissionToWriteThere) {
  EXPECT_EQ(error_of(files.mkdir("/new", 0755, alice)), EACCES);
  EXPECT_EQ(replace("/new", "", alice), EACCES);
  EXPECT_EQ(error_of(files.symlink("target", "/new", alice)), EACCES);
  EXPECT_EQ(error_of(files.make_socket("/new", alice)), EACCES);
  EXPECT_EQ(error_of(files.mkdir("/missing/new", 0755, root)), ENOENT);
  EXPECT_FALSE(files.exists("/new"));
}

TEST_F(FileCreationTest, TakesNoNameThatExists) {
  put("/file");
  link("missing", "/dangling");
  for (const std::string path : {"/file", "/open", "/dangling", "/", "/open/.", "/open/.."}) {
    EXPECT_EQ(error_of(files.mkdir(path, 0755, root)), EEXIST) << path;
    EXPECT_EQ(error_of(files.symlink("target", path, root)), EEXIST) << path;
    EXPECT_EQ(error_of(files.mkfifo(path, 0600, root)), EEXIST) << path;
    EXPECT_EQ(error_of(files.make_socket(path, root)), EADDRINUSE) << path;
  }
}

TEST_F(FileCreationTest, TakesASlashAtTheEndOfADirectoryOnly) {
  EXPECT_EQ(error_of(files.mkdir("/directory/", 0755, root)), 0);
  EXPECT_EQ(error_of(files.mkfifo("/fifo/", 0755, root)), ENOENT);
  EXPECT_EQ(error_of(files.symlink("", "/link", root)), ENOENT);
}

TEST_F(FileCreationTest, MakesTheTargetOfADanglingLink) {
  link("/open/target", "/link");
  put("/link", "text");
  EXPECT_EQ(contents("/open/target"), "text");
  EXPECT_EQ(stat("/link").type, Inode::Type::symbolic_link);
}

TEST_F(FileCreationTest, FollowsNoLinkBeforeASlash) {
  link("/open/target", "/link");
  EXPECT_EQ(replace("/link/", "text"), EISDIR);
  EXPECT_FALSE(files.exists("/open/target"));
}

TEST_F(FileCreationTest, OfDevicesIsRoots) {
  EXPECT_EQ(error_of(files.make_device("/open/zero", Inode::Type::zero_device, 0666, alice)),
            EPERM);
  EXPECT_THROW(files.make_device("/open/zero", Inode::Type::regular, 0666, root), std::logic_error);
}

TEST_F(FileCreationTest, GivesASocketToWhichSomethingCanBeAttached) {
  const auto socket = files.make_socket("/socket", root);
  ASSERT_TRUE(socket);
  (*socket)->attachment = std::make_shared<int>(5);
  const auto opened = files.open("/socket", Permission::write, root);
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)->attachment, (*socket)->attachment);
}

TEST_F(RemovalTest, IsOfFilesOrOfEmptyDirectories) {
  put("/file");
  make_directory("/directory");
  put("/directory/file");
  EXPECT_EQ(error_of(files.unlink("/directory", root)), EISDIR);
  EXPECT_EQ(error_of(files.rmdir("/file", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.rmdir("/directory", root)), ENOTEMPTY);
  EXPECT_EQ(error_of(files.unlink("/directory/file", root)), 0);
  EXPECT_EQ(error_of(files.rmdir("/directory", root)), 0);
  EXPECT_EQ(error_of(files.rmdir("/directory", root)), ENOENT);
  EXPECT_EQ(error_of(files.unlink("/missing", root)), ENOENT);
  EXPECT_FALSE(files.exists("/directory"));
}

TEST_F(RemovalTest, IsOfALinkAndNotOfItsTarget) {
  put("/file");
  link("/file", "/link");
  EXPECT_TRUE(files.unlink("/link", root));
  EXPECT_FALSE(files.exists("/link"));
  EXPECT_TRUE(files.exists("/file"));
}

TEST_F(RemovalTest, IsNotOfWhatIsNoName) {
  EXPECT_EQ(error_of(files.rmdir("/", root)), EBUSY);
  EXPECT_EQ(error_of(files.rmdir("/open/.", root)), EINVAL);
  EXPECT_EQ(error_of(files.rmdir("/open/..", root)), ENOTEMPTY);
  EXPECT_EQ(error_of(files.unlink("/", root)), EISDIR);
}

TEST_F(RemovalTest, IsAMatterOfTheDirectoryAndNotOfTheFile) {
  put("/open/file", "", 0600, alice);
  put("/file", "", 0666);
  EXPECT_EQ(error_of(files.unlink("/open/file", carol)), 0);
  EXPECT_EQ(error_of(files.unlink("/file", carol)), EACCES);
}

TEST_F(RemovalTest, InAStickyDirectoryIsThatOfTheOwnersOnly) {
  EXPECT_TRUE(files.chmod("/open", 01777, root));
  EXPECT_TRUE(files.chown("/open", {.user = 1001, .group = 100}, root));
  for (const auto& who : {carol, alice, bob, root}) {
    put("/open/file", "", 0666, alice);
    make_directory("/open/directory", 0777, alice);
    const int expected = who == carol ? EPERM : 0;
    EXPECT_EQ(error_of(files.unlink("/open/file", who)), expected) << who.user;
    EXPECT_EQ(error_of(files.rmdir("/open/directory", who)), expected) << who.user;
    if (expected != 0) {
      EXPECT_EQ(error_of(files.rename("/open/file", "/open/other", who)), expected);
      files.vanish("/open/file");
      files.vanish("/open/directory");
    }
  }
}

TEST_F(RemovalTest, BehindTheBackTakesAllWithIt) {
  make_directory("/open/a");
  make_directory("/open/a/b");
  put("/open/a/b/file", "text");
  const auto file = files.open("/open/a/b/file", Permission::read, root);
  const auto directory = files.open("/open/a/b", Permission::read, root);
  files.vanish("/open/a");
  EXPECT_FALSE(files.exists("/open/a"));
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->text, "text");
  ASSERT_TRUE(directory);
  EXPECT_THAT((*directory)->entries, IsEmpty());
  EXPECT_THROW(files.vanish("/open/a"), std::logic_error);
  EXPECT_THROW(files.vanish("/"), std::logic_error);
}

TEST_F(RenameTest, MovesAndReplaces) {
  put("/file", "new");
  put("/open/file", "old");
  EXPECT_TRUE(files.rename("/file", "/open/file", root));
  EXPECT_EQ(contents("/open/file"), "new");
  EXPECT_FALSE(files.exists("/file"));
}

TEST_F(RenameTest, MovesADirectoryWithAllThatIsInIt) {
  make_directory("/a");
  make_directory("/a/b");
  put("/a/b/file", "text");
  EXPECT_TRUE(files.rename("/a/b", "/open/c/", root));
  EXPECT_EQ(contents("/open/c/file"), "text");
  EXPECT_EQ(contents("/open/c/../c/file"), "text");
  EXPECT_FALSE(files.exists("/a/b"));
}

TEST_F(RenameTest, ReplacesALinkAndNotItsTarget) {
  put("/file", "new");
  put("/target", "old");
  link("/target", "/link");
  EXPECT_TRUE(files.rename("/file", "/link", root));
  EXPECT_EQ(contents("/link"), "new");
  EXPECT_EQ(contents("/target"), "old");
}

TEST_F(RenameTest, OfAFileToItselfDoesNothing) {
  put("/file", "text");
  EXPECT_TRUE(files.rename("/file", "/file", root));
  EXPECT_EQ(contents("/file"), "text");
}

TEST_F(RenameTest, PutsADirectoryOnlyInThePlaceOfAnEmptyOne) {
  put("/file");
  make_directory("/a");
  make_directory("/empty");
  make_directory("/full");
  put("/full/file");
  EXPECT_EQ(error_of(files.rename("/a", "/file", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.rename("/file", "/a", root)), EISDIR);
  EXPECT_EQ(error_of(files.rename("/file", "/new/", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.rename("/a", "/full", root)), ENOTEMPTY);
  EXPECT_EQ(error_of(files.rename("/a", "/empty", root)), 0);
}

TEST_F(RenameTest, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of(files.rename("/missing", "/new", root)), ENOENT);
  EXPECT_EQ(error_of(files.rename("/open", "/missing/new", root)), ENOENT);
  EXPECT_EQ(error_of(files.rename("/open", "/open/below", root)), EINVAL);
  make_directory("/open/below");
  put("/open/file");
  EXPECT_EQ(error_of(files.rename("/open/below", "/open", root)), ENOTEMPTY);
  EXPECT_EQ(error_of(files.rename("/open/file", "/open", root)), ENOTEMPTY);
  EXPECT_EQ(error_of(files.rename("/open/.", "/new", root)), EBUSY);
  EXPECT_EQ(error_of(files.rename("/open", "/", root)), EBUSY);
}

TEST_F(RenameTest, NeedsBothDirectories) {
  put("/file");
  put("/open/file");
  make_directory("/open/theirs", 0755, bob);
  EXPECT_EQ(error_of(files.rename("/file", "/open/new", alice)), EACCES);
  EXPECT_EQ(error_of(files.rename("/open/file", "/new", alice)), EACCES);
  EXPECT_EQ(error_of(files.rename("/open/file", "/open/new", alice)), 0);
  make_directory("/open/mine", 0755, alice);
  EXPECT_EQ(error_of(files.rename("/open/theirs", "/open/mine/theirs", alice)), EACCES);
  EXPECT_EQ(error_of(files.rename("/open/theirs", "/open/others", alice)), 0);
}

}  // namespace
}  // namespace sim::testing
