#include "sim/machine/files.h"
#include "sim/testing/files_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace sim::testing {
namespace {

using ::testing::ElementsAre;

class PathTest : public FilesTest {};
class FilePermissionTest : public FilesTest {};

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

}  // namespace
}  // namespace sim::testing
