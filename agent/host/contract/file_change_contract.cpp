#include "agent/host/contract/file_system_contract.h"

#include <gtest/gtest.h>

#include <string>

namespace host::contract {

TEST_P(DirectoryCreationContract, MakesADirectoryThatAllMaySearch) {
  EXPECT_TRUE(succeeds(create(in_directory("new"))));
  const auto status = files().link_status(in_directory("new"));
  ASSERT_TRUE(succeeds(status));
  EXPECT_EQ(status->type, FileType::directory);
  EXPECT_EQ(world().mode_of(in_directory("new")), 0755U);
}

TEST_P(DirectoryCreationContract, GivesTheSameModeUnderAStrictCreationMask) {
  world().set_creation_mask(077);
  EXPECT_TRUE(succeeds(create(in_directory("parent/new"))));
  EXPECT_EQ(world().mode_of(in_directory("parent/new")), 0755U);
  EXPECT_EQ(world().mode_of(in_directory("parent")), 0755U);
}

TEST_P(DirectoryCreationContract, MakesMissingParents) {
  EXPECT_TRUE(succeeds(create(in_directory("a/b/c"))));
  EXPECT_TRUE(world().exists(in_directory("a/b/c")));
}

TEST_P(DirectoryCreationContract, TakesATrailingSlash) {
  EXPECT_TRUE(succeeds(create(in_directory("new/"))));
  EXPECT_TRUE(world().exists(in_directory("new")));
}

TEST_P(DirectoryCreationContract, KeepsTheDirectoryForThisProcess) {
  EXPECT_TRUE(succeeds(create(in_directory("new"))));
  EXPECT_EQ(world().owner_of(in_directory("new")), world().own_ids());
}

TEST_P(DirectoryCreationContract, FollowsALinkToAnExistingParent) {
  world().make_directory(in_directory("real"));
  world().make_link(in_directory("real"), in_directory("link"));
  EXPECT_TRUE(succeeds(create(in_directory("link/new"))));
  EXPECT_TRUE(world().exists(in_directory("real/new")));
}

TEST_P(DirectoryCreationContract, LeavesAnExistingDirectoryAsItIs) {
  world().make_directory(in_directory("old"));
  world().write(in_directory("old/file"), "text");
  world().set_mode(in_directory("old"), 0750);
  EXPECT_TRUE(succeeds(create(in_directory("old"))));
  EXPECT_EQ(world().mode_of(in_directory("old")), 0750U);
  EXPECT_TRUE(world().exists(in_directory("old/file")));
}

TEST_P(DirectoryCreationContract, FailsWhereAFileIsInTheWay) {
  const std::string path = file_with("text");
  EXPECT_TRUE(fails_with(create(path), ErrorKind::failed, path));
  EXPECT_EQ(files().read(path, ample), "text");
}

TEST_P(DirectoryCreationContract, FailsWhereAParentIsAFile) {
  const std::string path = file_with("text");
  EXPECT_TRUE(fails_with(create(path + "/new"), ErrorKind::failed, path));
  EXPECT_EQ(files().read(path, ample), "text");
}

TEST_P(DirectoryCreationContract, TakesItsParentsBackWhenItFails) {
  const std::string too_long(300, 'x');
  EXPECT_TRUE(fails_with(create(in_directory("a/b/" + too_long)), ErrorKind::failed, too_long));
  EXPECT_FALSE(world().exists(in_directory("a")));
}

TEST_P(DirectoryCreationContract, KeepsParentsThatWereThereWhenItFails) {
  const std::string too_long(300, 'x');
  world().make_directory(in_directory("a"));
  EXPECT_FALSE(create(in_directory("a/b/" + too_long)));
  EXPECT_TRUE(world().exists(in_directory("a")));
  EXPECT_FALSE(world().exists(in_directory("a/b")));
}

TEST_P(DirectoryCreationPermissionContract, LeavesTheOwnerOfAnExistingDirectory) {
  world().make_directory(in_directory("old"));
  world().give_to(in_directory("old"), world().ordinary_ids());
  EXPECT_TRUE(succeeds(create(in_directory("old"))));
  EXPECT_EQ(world().owner_of(in_directory("old")), world().ordinary_ids());
}

TEST_P(DirectoryCreationPermissionContract, LeavesTheOwnerOfAnExistingParent) {
  world().make_directory(in_directory("old"));
  world().give_to(in_directory("old"), world().ordinary_ids());
  EXPECT_TRUE(succeeds(create(in_directory("old/new"))));
  EXPECT_EQ(world().owner_of(in_directory("old")), world().ordinary_ids());
}

// The owner of the parent could redirect root anywhere.
TEST_P(DirectoryCreationPermissionContract, DoesNotFollowALinkInADirectoryOfAUser) {
  world().make_directory(in_directory("elsewhere"));
  world().make_directory(in_directory("users"));
  world().make_link(in_directory("elsewhere"), in_directory("users/link"));
  world().give_to(in_directory("users"), world().ordinary_ids());
  EXPECT_TRUE(fails_with(create(in_directory("users/link/new")), ErrorKind::not_permitted, "link"));
  EXPECT_FALSE(world().exists(in_directory("elsewhere/new")));
}

TEST_P(DirectoryCreationPermissionContract, IsNotPermittedInADirectoryOfOthers) {
  world().as_ordinary_user([&] {
    const std::string path = in_directory("new");
    EXPECT_TRUE(fails_with(create(path), ErrorKind::not_permitted, path));
  });
  EXPECT_FALSE(world().exists(in_directory("new")));
}

TEST_P(DirectoryTakingContract, TakesTheDirectoryOfAUser) {
  give_away(0775);
  EXPECT_TRUE(succeeds(files().take_directory(taken())));
  EXPECT_EQ(world().owner_of(taken()), world().own_ids());
  EXPECT_EQ(world().mode_of(taken()), 0755U);
}

TEST_P(DirectoryTakingContract, TakesTheDirectoryOfRootThatOthersCanWrite) {
  world().set_mode(taken(), 0777);
  EXPECT_TRUE(succeeds(files().take_directory(taken())));
  EXPECT_EQ(world().mode_of(taken()), 0755U);
}

TEST_P(DirectoryTakingContract, LeavesWhatIsInIt) {
  world().write(taken() + "/file", "text");
  world().give_to(taken() + "/file", world().ordinary_ids());
  give_away(0755);
  EXPECT_TRUE(succeeds(files().take_directory(taken())));
  EXPECT_EQ(world().owner_of(taken() + "/file"), world().ordinary_ids());
}

TEST_P(DirectoryTakingContract, DoesNotFollowALinkInItsPlace) {
  give_away(0755);
  world().make_link(taken(), in_directory("link"));
  EXPECT_TRUE(fails_with(files().take_directory(in_directory("link")), ErrorKind::failed,
                         "not a directory"));
  EXPECT_EQ(world().owner_of(taken()), world().ordinary_ids());
}

TEST_P(DirectoryTakingContract, FollowsATrustedLinkOnTheWay) {
  world().make_directory(taken() + "/below");
  world().give_to(taken() + "/below", world().ordinary_ids());
  world().make_link(taken(), in_directory("link"));
  EXPECT_TRUE(succeeds(files().take_directory(in_directory("link/below"))));
  EXPECT_EQ(world().owner_of(taken() + "/below"), world().own_ids());
}

// The user could have put any directory there, such as one that another service needs.
TEST_P(DirectoryTakingContract, IsNotPermittedWhereAUserCanPutAnotherDirectory) {
  world().make_directory(taken() + "/below");
  world().give_to(taken() + "/below", world().ordinary_ids());
  give_away(0755);
  EXPECT_TRUE(
      fails_with(files().take_directory(taken() + "/below"), ErrorKind::not_permitted, taken()));
  EXPECT_EQ(world().owner_of(taken() + "/below"), world().ordinary_ids());
}

TEST_P(DirectoryTakingContract, FailsForAFileAndForWhatIsNotThere) {
  const std::string path = file_with("text");
  EXPECT_TRUE(fails_with(files().take_directory(path), ErrorKind::failed, path));
  EXPECT_TRUE(fails_with(files().take_directory(in_directory("missing")), ErrorKind::not_found,
                         in_directory("missing")));
}

TEST_P(FileReplacementContract, WritesANewFileThatOthersCannotRead) {
  const auto path = in_directory("new");
  EXPECT_TRUE(succeeds(files().replace_file(path, "text")));
  EXPECT_EQ(files().read(path, ample), "text");
  EXPECT_EQ(world().mode_of(path), 0600U);
  EXPECT_EQ(world().owner_of(path), world().own_ids());
}

TEST_P(FileReplacementContract, GivesTheSameModeUnderAStrictCreationMask) {
  world().set_creation_mask(0777);
  EXPECT_TRUE(succeeds(files().replace_file(in_directory("new"), "")));
  world().set_creation_mask(0);
  EXPECT_EQ(world().mode_of(in_directory("new")), 0600U);
}

TEST_P(FileReplacementContract, LeavesNothingOfTheFormerFile) {
  const auto path = file_with("a longer text");
  EXPECT_TRUE(succeeds(files().replace_file(path, "text")));
  EXPECT_EQ(files().read(path, ample), "text");
  EXPECT_EQ(world().mode_of(path), 0600U);
}

TEST_P(FileReplacementContract, ReplacesALinkAndNotItsTarget) {
  const auto target = file_with("precious");
  world().make_link(target, in_directory("link"));
  EXPECT_TRUE(succeeds(files().replace_file(in_directory("link"), "text")));
  EXPECT_EQ(files().read(target, ample), "precious");
  EXPECT_EQ(files().link_status(in_directory("link"))->type, FileType::regular);
}

TEST_P(FileReplacementContract, ReplacesAFifoWithoutWaitingForItsReader) {
  world().make_fifo(in_directory("fifo"));
  EXPECT_TRUE(succeeds(files().replace_file(in_directory("fifo"), "text")));
  EXPECT_EQ(files().read(in_directory("fifo"), ample), "text");
}

TEST_P(FileReplacementContract, FailsForADirectoryAndLeavesIt) {
  world().make_directory(in_directory("old"));
  const auto path = in_directory("old");
  EXPECT_TRUE(fails_with(files().replace_file(path, "text"), ErrorKind::failed, path));
  EXPECT_EQ(files().link_status(path)->type, FileType::directory);
}

TEST_P(FileReplacementContract, DoesNotFindAMissingDirectory) {
  const auto path = in_directory("missing/new");
  EXPECT_TRUE(fails_with(files().replace_file(path, "text"), ErrorKind::not_found, path));
}

// The owner of the directory could redirect root anywhere.
TEST_P(FileReplacementPermissionContract, DoesNotFollowALinkInADirectoryOfAUser) {
  world().make_directory(in_directory("elsewhere"));
  world().write(in_directory("elsewhere/victim"), "precious");
  world().make_directory(in_directory("users"));
  world().make_link(in_directory("elsewhere"), in_directory("users/link"));
  world().give_to(in_directory("users"), world().ordinary_ids());
  const auto path = in_directory("users/link/victim");
  EXPECT_TRUE(fails_with(files().replace_file(path, "text"), ErrorKind::not_permitted, "link"));
  EXPECT_EQ(files().read(in_directory("elsewhere/victim"), ample), "precious");
}

TEST_P(FileReplacementPermissionContract, IsNotPermittedInADirectoryOfOthers) {
  const auto path = in_directory("new");
  world().as_ordinary_user([&] {
    EXPECT_TRUE(fails_with(files().replace_file(path, "text"), ErrorKind::not_permitted, path));
  });
  EXPECT_FALSE(world().exists(path));
}

TEST_P(FileRemovalContract, RemovesAFile) {
  const std::string path = file_with("text");
  EXPECT_TRUE(succeeds(files().remove_file(path)));
  EXPECT_FALSE(world().exists(path));
}

TEST_P(FileRemovalContract, RemovesAFifo) {
  world().make_fifo(in_directory("fifo"));
  EXPECT_TRUE(succeeds(files().remove_file(in_directory("fifo"))));
  EXPECT_FALSE(world().exists(in_directory("fifo")));
}

TEST_P(FileRemovalContract, RemovesALinkAndNotItsTarget) {
  const std::string path = file_with("text");
  world().make_link(path, in_directory("link"));
  EXPECT_TRUE(succeeds(files().remove_file(in_directory("link"))));
  EXPECT_FALSE(world().exists(in_directory("link")));
  EXPECT_TRUE(world().exists(path));
}

TEST_P(FileRemovalContract, RemovesADanglingLink) {
  world().make_link(in_directory("missing"), in_directory("link"));
  EXPECT_TRUE(succeeds(files().remove_file(in_directory("link"))));
  EXPECT_FALSE(world().exists(in_directory("link")));
}

TEST_P(FileRemovalContract, RemovesALinkToADirectoryAndNotTheDirectory) {
  world().make_directory(in_directory("real"));
  world().make_link(in_directory("real"), in_directory("link"));
  EXPECT_TRUE(succeeds(files().remove_file(in_directory("link"))));
  EXPECT_FALSE(world().exists(in_directory("link")));
  EXPECT_TRUE(world().exists(in_directory("real")));
}

TEST_P(FileRemovalContract, FailsOnADirectory) {
  const std::string path = in_directory("empty");
  world().make_directory(path);
  EXPECT_TRUE(fails_with(files().remove_file(path), ErrorKind::failed, path));
  EXPECT_TRUE(world().exists(path));
}

TEST_P(FileRemovalContract, SaysNotFoundForAMissingFile) {
  const std::string path = in_directory("missing");
  EXPECT_TRUE(fails_with(files().remove_file(path), ErrorKind::not_found, path));
}

TEST_P(FileRemovalContract, SaysNotFoundForAMissingDirectoryOnTheWay) {
  const std::string path = in_directory("missing/file");
  EXPECT_TRUE(fails_with(files().remove_file(path), ErrorKind::not_found, path));
  EXPECT_TRUE(fails_with(files().remove_directory(path), ErrorKind::not_found, path));
}

TEST_P(FileRemovalContract, RemovesAnEmptyDirectory) {
  world().make_directory(in_directory("empty"));
  EXPECT_TRUE(succeeds(files().remove_directory(in_directory("empty"))));
  EXPECT_FALSE(world().exists(in_directory("empty")));
}

TEST_P(FileRemovalContract, SaysNotEmptyForADirectoryWithEntries) {
  const std::string path = in_directory("full");
  world().make_directory(path);
  world().write(path + "/file", "text");
  EXPECT_TRUE(fails_with(files().remove_directory(path), ErrorKind::not_empty, path));
  EXPECT_TRUE(world().exists(path + "/file"));
}

TEST_P(FileRemovalContract, FailsToRemoveAFileAsADirectory) {
  const std::string path = file_with("text");
  EXPECT_TRUE(fails_with(files().remove_directory(path), ErrorKind::failed, path));
  EXPECT_TRUE(world().exists(path));
}

TEST_P(FileRemovalContract, FailsToRemoveALinkAsADirectory) {
  const std::string path = in_directory("link");
  world().make_directory(in_directory("real"));
  world().make_link(in_directory("real"), path);
  EXPECT_TRUE(fails_with(files().remove_directory(path), ErrorKind::failed, path));
  EXPECT_TRUE(world().exists(path));
  EXPECT_TRUE(world().exists(in_directory("real")));
}

TEST_P(FileRemovalContract, DoesNotFollowALinkWithATrailingSlash) {
  world().make_directory(in_directory("real"));
  world().make_link(in_directory("real"), in_directory("link"));
  EXPECT_FALSE(files().remove_directory(in_directory("link/")));
  EXPECT_TRUE(world().exists(in_directory("link")));
  EXPECT_TRUE(world().exists(in_directory("real")));
}

TEST_P(FileRemovalContract, SaysNotFoundForAMissingDirectory) {
  const std::string path = in_directory("missing");
  EXPECT_TRUE(fails_with(files().remove_directory(path), ErrorKind::not_found, path));
}

TEST_P(FileRemovalPermissionContract, IsNotPermittedInADirectoryOfOthers) {
  const std::string path = file_with("text");
  world().make_directory(in_directory("empty"));
  world().as_ordinary_user([&] {
    EXPECT_TRUE(fails_with(files().remove_file(path), ErrorKind::not_permitted, path));
    EXPECT_TRUE(fails_with(files().remove_directory(in_directory("empty")),
                           ErrorKind::not_permitted, in_directory("empty")));
  });
  EXPECT_TRUE(world().exists(path));
  EXPECT_TRUE(world().exists(in_directory("empty")));
}

TEST_P(FileRemovalPermissionContract, IsPermittedInTheUsersOwnDirectory) {
  const std::string path = file_with("text");
  world().give_to(world().directory(), world().ordinary_ids());
  world().as_ordinary_user([&] { EXPECT_TRUE(succeeds(files().remove_file(path))); });
  EXPECT_FALSE(world().exists(path));
}

TEST_P(FileRemovalPermissionContract, LetsRootRemoveWithoutLinksInADirectoryOfAUser) {
  const std::string path = file_with("text");
  world().give_to(world().directory(), world().ordinary_ids());
  EXPECT_TRUE(succeeds(files().remove_file(path)));
  EXPECT_FALSE(world().exists(path));
}

TEST_P(RemovalThroughLinksContract, FollowsALinkThatRootAloneCanHavePutThere) {
  expect_followed(link());
}

TEST_P(RemovalThroughLinksContract, FollowsARelativeLinkThatRootAloneCanHavePutThere) {
  world().make_link("../elsewhere", in_directory("place/relative"));
  expect_followed(in_directory("place/relative"));
}

TEST_P(RemovalThroughLinksContract, FollowsAChainOfLinksThatRootAloneCanHavePutThere) {
  world().make_link(link(), in_directory("place/second"));
  world().make_link("second", in_directory("place/first"));
  expect_followed(in_directory("place/first"));
}

TEST_P(RemovalThroughLinksContract, FollowsATrustedLinkIntoADirectoryOfAUser) {
  world().give_to(elsewhere(), world().ordinary_ids());
  expect_followed(link());
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkInAWorldWritableDirectory) {
  world().set_mode(place(), 0777);
  expect_not_followed(link());
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkInAStickyDirectory) {
  world().set_mode(place(), 01777);
  expect_not_followed(link());
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkInAGroupWritableDirectory) {
  world().set_mode(place(), 0775);
  expect_not_followed(link());
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkInADirectoryOfAUser) {
  world().give_to(place(), world().ordinary_ids());
  expect_not_followed(link());
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkOfAUser) {
  world().give_to(link(), world().ordinary_ids());
  expect_not_followed(link());
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkBelowAWorldWritableDirectory) {
  world().make_directory(in_directory("open"));
  world().make_directory(in_directory("open/below"));
  world().make_link(elsewhere(), in_directory("open/below/link"));
  world().set_mode(in_directory("open"), 0777);
  expect_not_followed(in_directory("open/below/link"));
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowALinkThatATrustedLinkLeadsTo) {
  world().make_link(place(), in_directory("trusted"));
  world().set_mode(place(), 0777);
  expect_not_followed(in_directory("trusted/link"));
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowASecondLinkThatAUserCanHavePutThere) {
  world().set_mode(place(), 0777);
  world().make_link(link(), in_directory("trusted"));
  expect_not_followed(in_directory("trusted"));
}

TEST_P(RemovalThroughLinksContract, FailsOnLinksThatGoInACircle) {
  world().make_link("there", in_directory("place/here"));
  world().make_link("here", in_directory("place/there"));
  const std::string path = in_directory("place/here/victim");
  EXPECT_TRUE(fails_with(files().remove_file(path), ErrorKind::failed, path));
}

TEST_P(RemovalThroughLinksContract, RemovesALastLinkItselfInAWorldWritableDirectory) {
  world().set_mode(place(), 0777);
  EXPECT_TRUE(succeeds(files().remove_file(link())));
  EXPECT_FALSE(world().exists(link()));
  EXPECT_TRUE(world().exists(victim()));
}

TEST_P(RemovalThroughLinksContract, DoesNotFollowTheUsersOwnLinkForTheUser) {
  world().give_to(elsewhere(), world().ordinary_ids());
  world().give_to(place(), world().ordinary_ids());
  world().as_ordinary_user([&] { expect_not_followed(link()); });
}

}  // namespace host::contract
