#include "sim/world/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Identity root = {};
const Identity alice = {.user = 1000, .group = 100};
const Identity bob = {.user = 1001, .group = 100};  // in the group of Alice
const Identity carol = {.user = 1002, .group = 1002};

template <typename T>
int error_of(const Errno<T>& result) {
  return result ? 0 : result.error();
}

// A machine with a directory that all may write to.
class FilesTest : public testing::Test {
 protected:
  void SetUp() override { EXPECT_TRUE(files.mkdir("/open", 0777, {.creation_mask = 0})); }

  void put(const std::string& path, const std::string& text = "text", unsigned mode = 0644,
           const Identity& who = root) {
    EXPECT_EQ(error_of(files.write(path, text, Writing::replace, mode, who)), 0) << path;
  }
  void make_directory(const std::string& path, unsigned mode = 0755, const Identity& who = root) {
    EXPECT_EQ(error_of(files.mkdir(path, mode, who)), 0) << path;
  }
  void link(const std::string& target, const std::string& path) {
    EXPECT_EQ(error_of(files.symlink(target, path, root)), 0) << path;
  }
  int append(const std::string& path, const std::string& text, const Identity& who = root) {
    return error_of(files.write(path, text, Writing::append, 0644, who));
  }
  int replace(const std::string& path, const std::string& text, const Identity& who = root) {
    return error_of(files.write(path, text, Writing::replace, 0644, who));
  }
  std::string contents(const std::string& path) {
    return files.read(path, root).value_or("nothing");
  }
  FileStat stat(const std::string& path) { return files.lstat(path, root).value(); }

  Files files;  // NOLINT: GoogleTest's way
};

class FileContentsTest : public FilesTest {};
class PathTest : public FilesTest {};
class FilePermissionTest : public FilesTest {};
class FileCreationTest : public FilesTest {};
class RemovalTest : public FilesTest {};
class RenameTest : public FilesTest {};
class StorageTest : public FilesTest {};
class FileFaultTest : public FilesTest {};

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

TEST_F(PathTest, OfTheRootIsADirectory) {
  EXPECT_EQ(stat("/").type, Inode::Type::directory);
  EXPECT_EQ(stat("///").type, Inode::Type::directory);
  EXPECT_EQ(stat("/..").type, Inode::Type::directory);
}

TEST_F(PathTest, TakesSlashesAndDotsAsNothing) {
  put("/open/file", "text");
  EXPECT_EQ(contents("//open///./file"), "text");
  EXPECT_EQ(contents("/open/../open/file"), "text");
  EXPECT_EQ(contents("/../open/file"), "text");
}

TEST_F(PathTest, NeedsAllItsDirectories) {
  put("/file");
  EXPECT_EQ(error_of(files.read("/missing/file", root)), ENOENT);
  EXPECT_EQ(error_of(files.read("/file/below", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.read("/missing/../file", root)), ENOENT);
  EXPECT_EQ(error_of(files.read("/file/../file", root)), ENOTDIR);
}

TEST_F(PathTest, WithASlashAtItsEndIsThatOfADirectory) {
  put("/file");
  EXPECT_EQ(error_of(files.stat("/file/", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.unlink("/file/", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.stat("/missing/", root)), ENOENT);
  EXPECT_TRUE(files.stat("/open/", root));
}

TEST_F(PathTest, LeadsThroughLinks) {
  put("/open/file", "text");
  link("/open", "/absolute");
  link("open", "/relative");
  link("../relative/./file", "/open/back");
  EXPECT_EQ(contents("/absolute/file"), "text");
  EXPECT_EQ(contents("/relative/file"), "text");
  EXPECT_EQ(contents("/absolute/back"), "text");
  EXPECT_EQ(contents("/relative/../open/file"), "text");
}

TEST_F(PathTest, EndsAtALinkOrAtItsTarget) {
  put("/file", "12345");
  link("/file", "/link");
  EXPECT_EQ(stat("/link").type, Inode::Type::symbolic_link);
  EXPECT_EQ(stat("/link").size, 5U);
  EXPECT_EQ(files.stat("/link", root)->type, Inode::Type::regular);
  EXPECT_EQ(files.read_link("/link", root), "/file");
  EXPECT_EQ(error_of(files.read_link("/file", root)), EINVAL);
}

TEST_F(PathTest, EndsAtTheTargetOfALinkBeforeASlash) {
  link("/open", "/link");
  EXPECT_EQ(files.lstat("/link/", root)->type, Inode::Type::directory);
  EXPECT_EQ(error_of(files.rmdir("/link/", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.unlink("/link/", root)), ENOTDIR);
}

TEST_F(PathTest, LeadsThroughFortyLinksAndNoMore) {
  put("/link0", "text");
  for (int i = 1; i <= 41; ++i) {
    link("link" + std::to_string(i - 1), "/link" + std::to_string(i));
  }
  EXPECT_EQ(contents("/link40"), "text");
  EXPECT_EQ(error_of(files.read("/link41", root)), ELOOP);
}

TEST_F(PathTest, EndsInACircleOfLinks) {
  link("there", "/here");
  link("here", "/there");
  EXPECT_EQ(error_of(files.stat("/here", root)), ELOOP);
  EXPECT_TRUE(files.lstat("/here", root));
}

TEST_F(PathTest, HasALimitAndSoHasEachName) {
  EXPECT_EQ(error_of(files.stat("/" + std::string(255, 'x'), root)), ENOENT);
  EXPECT_EQ(error_of(files.stat("/" + std::string(256, 'x'), root)), ENAMETOOLONG);
  std::string path;
  while (path.size() < 4094) {
    path += "/.";
  }
  EXPECT_TRUE(files.stat(path + "/", root));
  EXPECT_EQ(error_of(files.stat(path + "/.", root)), ENAMETOOLONG);
}

TEST_F(PathTest, IsAbsolute) {
  EXPECT_THROW(static_cast<void>(files.stat("file", root)), std::logic_error);
  EXPECT_THROW(static_cast<void>(files.stat("", root)), std::logic_error);
  EXPECT_THROW(static_cast<void>(files.exists("file")), std::logic_error);
  EXPECT_THROW(files.mkdir(std::string("/a\0b", 4), 0755, root), std::logic_error);
}

TEST_F(FilePermissionTest, IsThatOfTheOwnerTheGroupOrTheOthers) {
  put("/open/file", "text", 0640, alice);
  EXPECT_EQ(append("/open/file", "", alice), 0);
  EXPECT_EQ(error_of(files.read("/open/file", bob)), 0);
  EXPECT_EQ(append("/open/file", "", bob), EACCES);
  EXPECT_EQ(error_of(files.read("/open/file", carol)), EACCES);
}

TEST_F(FilePermissionTest, OfTheOwnerCountsEvenIfOthersHaveMore) {
  put("/open/file", "text", 0600, alice);
  EXPECT_TRUE(files.chmod("/open/file", 0066, root));
  EXPECT_EQ(error_of(files.read("/open/file", alice)), EACCES);
  EXPECT_EQ(error_of(files.read("/open/file", bob)), 0);
}

TEST_F(FilePermissionTest, ToReadAndWriteIsAlwaysRoots) {
  put("/open/file", "text", 0000, alice);
  EXPECT_EQ(error_of(files.read("/open/file", root)), 0);
  EXPECT_EQ(replace("/open/file", ""), 0);
  EXPECT_EQ(error_of(files.access("/open/file", Permission::read_and_write, root)), 0);
}

TEST_F(FilePermissionTest, ToExecuteNeedsOneBitEvenForRoot) {
  put("/open/file", "text", 0644, alice);
  EXPECT_EQ(error_of(files.access("/open/file", Permission::execute, root)), EACCES);
  EXPECT_EQ(error_of(files.open("/open/file", Permission::execute, root)), EACCES);
  EXPECT_TRUE(files.chmod("/open/file", 0744, alice));
  EXPECT_EQ(error_of(files.access("/open/file", Permission::execute, root)), 0);
  EXPECT_EQ(error_of(files.open("/open/file", Permission::execute, root)), 0);
  EXPECT_EQ(error_of(files.open("/open/file", Permission::execute, bob)), EACCES);
}

TEST_F(FilePermissionTest, ToExecuteADirectoryIsToSearchIt) {
  EXPECT_EQ(error_of(files.access("/open", Permission::execute, root)), 0);
  EXPECT_EQ(error_of(files.open("/open", Permission::execute, root)), EACCES);
}

TEST_F(FilePermissionTest, ToSearchIsNeededOnTheWay) {
  make_directory("/closed", 0700);
  put("/closed/file");
  EXPECT_EQ(error_of(files.stat("/closed/file", alice)), EACCES);
  EXPECT_EQ(error_of(files.stat("/closed/missing", alice)), EACCES);
  EXPECT_EQ(error_of(files.stat("/closed/..", alice)), EACCES);
  EXPECT_EQ(error_of(files.stat("/closed", alice)), 0);
  EXPECT_EQ(error_of(files.stat("/closed/file", root)), 0);
}

TEST_F(FilePermissionTest, ToListADirectoryIsThatToReadIt) {
  make_directory("/open/mine", 0300, alice);
  put("/open/mine/b", "", 0644, alice);
  put("/open/mine/a", "", 0644, alice);
  EXPECT_EQ(error_of(files.list("/open/mine", alice)), EACCES);
  EXPECT_THAT(files.list("/open/mine", root).value(), ElementsAre("a", "b"));
  EXPECT_EQ(error_of(files.list("/open/mine/a", root)), ENOTDIR);
  EXPECT_EQ(error_of(files.list("/open/missing", root)), ENOENT);
}

TEST_F(FilePermissionTest, ToConnectToASocketIsThatToWrite) {
  EXPECT_TRUE(files.make_socket("/open/socket", alice));
  EXPECT_EQ(stat("/open/socket").mode, 0755U);
  EXPECT_EQ(error_of(files.open("/open/socket", Permission::write, bob)), EACCES);
  EXPECT_EQ(error_of(files.open("/open/socket", Permission::write, alice)), 0);
}

TEST_F(FilePermissionTest, IsChangedByTheOwnerAndRoot) {
  put("/open/file", "text", 0644, alice);
  EXPECT_EQ(error_of(files.chmod("/open/file", 0666, bob)), EPERM);
  EXPECT_EQ(error_of(files.chmod("/open/file", 0600, alice)), 0);
  EXPECT_EQ(error_of(files.chmod("/open/file", 01777, root)), 0);
  EXPECT_EQ(stat("/open/file").mode, 01777U);
}

TEST_F(FilePermissionTest, OfTheTargetIsChangedThroughALink) {
  put("/file", "text", 0644);
  link("/file", "/link");
  EXPECT_TRUE(files.chmod("/link", 0600, root));
  EXPECT_EQ(stat("/file").mode, 0600U);
  EXPECT_EQ(stat("/link").mode, 0777U);
}

TEST_F(FilePermissionTest, ToGiveAFileAwayIsRoots) {
  put("/open/file", "text", 0644, alice);
  EXPECT_EQ(error_of(files.chown("/open/file", {.user = 1001, .group = 100}, alice)), EPERM);
  EXPECT_EQ(error_of(files.chown("/open/file", {.user = 1000, .group = 1002}, alice)), EPERM);
  EXPECT_EQ(error_of(files.chown("/open/file", {.user = 1000, .group = 100}, alice)), 0);
  EXPECT_EQ(error_of(files.chown("/open/file", {.user = 1000, .group = 100}, bob)), EPERM);
  EXPECT_EQ(error_of(files.chown("/open/file", {.user = 1002, .group = 1002}, root)), 0);
  EXPECT_EQ(stat("/open/file").owner, (host::Owner{.user = 1002, .group = 1002}));
}

TEST_F(FilePermissionTest, GivesAwayTheTargetOfALinkOrTheLinkItself) {
  put("/file");
  link("/file", "/link");
  EXPECT_TRUE(files.lchown("/link", {.user = 1, .group = 2}, root));
  EXPECT_TRUE(files.chown("/link", {.user = 3, .group = 4}, root));
  EXPECT_EQ(stat("/link").owner, (host::Owner{.user = 1, .group = 2}));
  EXPECT_EQ(stat("/file").owner, (host::Owner{.user = 3, .group = 4}));
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
}  // namespace sim
