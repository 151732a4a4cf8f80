#include "agent/host/contract/file_system_contract.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace host::contract {

TEST_P(FileReadContract, GivesTheContentsOfAFile) {
  EXPECT_EQ(files().read(file_with("one\ntwo\n"), ample), "one\ntwo\n");
}

TEST_P(FileReadContract, GivesAnEmptyTextForAnEmptyFile) {
  EXPECT_EQ(files().read(file_with(""), ample), "");
}

TEST_P(FileReadContract, KeepsZeroBytes) {
  const std::string text("a\0b", 3);
  EXPECT_EQ(files().read(file_with(text), ample), text);
}

TEST_P(FileReadContract, StopsAtTheLimit) {
  EXPECT_EQ(files().read(file_with("123456789"), 4), "1234");
}

TEST_P(FileReadContract, GivesNothingForALimitOfZero) {
  EXPECT_EQ(files().read(file_with("123456789"), 0), "");
}

TEST_P(FileReadContract, GivesAllOfALargeFile) {
  const std::string text(300'000, 'x');
  EXPECT_EQ(files().read(file_with(text), ample), text);
}

TEST_P(FileReadContract, FollowsSymbolicLinks) {
  world().make_link(file_with("text"), in_directory("link"));
  EXPECT_EQ(files().read(in_directory("link"), ample), "text");
}

TEST_P(FileReadContract, SaysNotFoundForAMissingFile) {
  const std::string path = in_directory("missing");
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::not_found, path));
}

TEST_P(FileReadContract, SaysNotFoundForAMissingDirectory) {
  const std::string path = in_directory("missing/file");
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::not_found, path));
}

TEST_P(FileReadContract, SaysNotFoundForADanglingLink) {
  const std::string path = in_directory("link");
  world().make_link(in_directory("missing"), path);
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::not_found, path));
}

TEST_P(FileReadContract, FailsOnLinksThatGoInACircle) {
  const std::string path = in_directory("here");
  world().make_link(in_directory("there"), path);
  world().make_link(path, in_directory("there"));
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::failed, path));
}

TEST_P(FileReadContract, FailsOnAFifoAtOnceInsteadOfBlocking) {
  const std::string path = in_directory("fifo");
  world().make_fifo(path);
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::failed, path));
}

TEST_P(FileReadContract, FailsOnADirectory) {
  const std::string path = world().directory();
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::failed, path));
}

TEST_P(FileReadContract, FailsOnADevice) {
  const std::string path = world().endless_device();
  EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::failed, path));
}

TEST_P(FileReadPermissionContract, SaysNotPermittedForAFileThatTheUserMayNotRead) {
  const std::string path = file_with("secret");
  world().set_mode(path, 0600);
  world().as_ordinary_user(
      [&] { EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::not_permitted, path)); });
}

TEST_P(FileReadPermissionContract, SaysNotPermittedInADirectoryThatTheUserMayNotSearch) {
  world().make_directory(in_directory("closed"));
  const std::string path = in_directory("closed/file");
  world().write(path, "text");
  world().set_mode(in_directory("closed"), 0700);
  world().as_ordinary_user(
      [&] { EXPECT_TRUE(fails_with(files().read(path, ample), ErrorKind::not_permitted, path)); });
}

TEST_P(FileReadPermissionContract, ReadsWhatEverybodyMayRead) {
  const std::string path = file_with("public");
  world().as_ordinary_user([&] { EXPECT_EQ(files().read(path, ample), "public"); });
}

TEST_P(FileStatusContract, TellsTypeAndSizeOfAFile) {
  EXPECT_EQ(files().status(file_with("12345")), regular_file_of_5_bytes());
}

TEST_P(FileStatusContract, TellsADirectory) {
  const auto status = files().status(world().directory());
  ASSERT_TRUE(succeeds(status));
  EXPECT_EQ(status->type, FileType::directory);
}

TEST_P(FileStatusContract, TellsAFifo) {
  world().make_fifo(in_directory("fifo"));
  const auto status = files().status(in_directory("fifo"));
  ASSERT_TRUE(succeeds(status));
  EXPECT_EQ(status->type, FileType::fifo);
}

TEST_P(FileStatusContract, CallsADeviceOther) {
  const auto status = files().status(world().endless_device());
  ASSERT_TRUE(succeeds(status));
  EXPECT_EQ(status->type, FileType::other);
}

TEST_P(FileStatusContract, FollowsALink) {
  world().make_link(file_with("12345"), in_directory("link"));
  EXPECT_EQ(files().status(in_directory("link")), regular_file_of_5_bytes());
}

TEST_P(FileStatusContract, SaysNotFoundForADanglingLink) {
  const std::string path = in_directory("link");
  world().make_link(in_directory("missing"), path);
  EXPECT_TRUE(fails_with(files().status(path), ErrorKind::not_found, path));
}

TEST_P(FileStatusContract, SaysNotFoundForAMissingFile) {
  const std::string path = in_directory("missing");
  EXPECT_TRUE(fails_with(files().status(path), ErrorKind::not_found, path));
}

TEST_P(FileStatusContract, OfTheLinkItselfIsSymbolicLink) {
  world().make_link(in_directory("missing"), in_directory("link"));
  const auto status = files().link_status(in_directory("link"));
  ASSERT_TRUE(succeeds(status));
  EXPECT_EQ(status->type, FileType::symbolic_link);
}

TEST_P(FileStatusContract, OfTheLinkItselfFollowsLinksOnTheWay) {
  world().make_directory(in_directory("real"));
  world().write(in_directory("real/file"), "12345");
  world().make_link(in_directory("real"), in_directory("link"));
  EXPECT_EQ(files().link_status(in_directory("link/file")), regular_file_of_5_bytes());
}

TEST_P(FileStatusContract, OfTheLinkItselfIsPlainForAFile) {
  EXPECT_EQ(files().link_status(file_with("12345")), regular_file_of_5_bytes());
}

TEST_P(FileStatusContract, OfTheLinkItselfSaysNotFoundForAMissingName) {
  const std::string path = in_directory("missing");
  EXPECT_TRUE(fails_with(files().link_status(path), ErrorKind::not_found, path));
}

TEST_P(FileStatusPermissionContract, IsNotPermittedInADirectoryThatTheUserMayNotSearch) {
  world().make_directory(in_directory("closed"));
  const std::string path = in_directory("closed/file");
  world().write(path, "text");
  world().set_mode(in_directory("closed"), 0700);
  world().as_ordinary_user([&] {
    EXPECT_TRUE(fails_with(files().status(path), ErrorKind::not_permitted, path));
    EXPECT_TRUE(fails_with(files().link_status(path), ErrorKind::not_permitted, path));
  });
}

TEST_P(FileAccessContract, ToReadIsGrantedOnAReadableFile) {
  EXPECT_TRUE(succeeds(files().check_access(file_with("text"), Access::read)));
}

TEST_P(FileAccessContract, ToExecuteIsGrantedOnAProgram) {
  const std::string path = file_with("#!/bin/sh\n");
  world().set_mode(path, 0755);
  EXPECT_TRUE(succeeds(files().check_access(path, Access::execute)));
}

TEST_P(FileAccessContract, ToExecuteNeedsAnExecuteBitEvenForRoot) {
  const std::string path = file_with("#!/bin/sh\n");
  world().set_mode(path, 0644);
  EXPECT_TRUE(
      fails_with(files().check_access(path, Access::execute), ErrorKind::not_permitted, path));
}

TEST_P(FileAccessContract, ToExecuteIsNeverGrantedOnADirectory) {
  EXPECT_FALSE(files().check_access(world().directory(), Access::execute));
}

TEST_P(FileAccessContract, FollowsALink) {
  const std::string path = file_with("#!/bin/sh\n");
  world().set_mode(path, 0755);
  world().make_link(path, in_directory("link"));
  EXPECT_TRUE(succeeds(files().check_access(in_directory("link"), Access::execute)));
}

TEST_P(FileAccessContract, SaysNotFoundForAMissingFile) {
  const std::string path = in_directory("missing");
  EXPECT_TRUE(fails_with(files().check_access(path, Access::read), ErrorKind::not_found, path));
  EXPECT_TRUE(fails_with(files().check_access(path, Access::execute), ErrorKind::not_found, path));
}

TEST_P(FileAccessPermissionContract, ToReadCountsForTheEffectiveUser) {
  const std::string path = file_with("secret");
  world().set_mode(path, 0600);
  world().as_ordinary_user([&] {
    EXPECT_TRUE(
        fails_with(files().check_access(path, Access::read), ErrorKind::not_permitted, path));
  });
}

TEST_P(FileAccessPermissionContract, ToExecuteCountsForTheEffectiveUser) {
  const std::string path = file_with("#!/bin/sh\n");
  world().set_mode(path, 0744);
  world().as_ordinary_user([&] {
    EXPECT_TRUE(
        fails_with(files().check_access(path, Access::execute), ErrorKind::not_permitted, path));
  });
}

TEST_P(FileAccessPermissionContract, ToReadIsGrantedToRootWithoutAnyBit) {
  const std::string path = file_with("text");
  world().set_mode(path, 0000);
  EXPECT_TRUE(succeeds(files().check_access(path, Access::read)));
}

TEST_P(FileStatusPermissionContract, TellsTheOwner) {
  const std::string path = file_with("12345");
  world().give_to(path, world().ordinary_ids());
  const auto status = files().status(path);
  ASSERT_TRUE(succeeds(status));
  EXPECT_EQ(status->owner, world().ordinary_ids());
}

TEST_P(ExposureContract, IsNoneWhereOnlyRootCanWrite) {
  EXPECT_EQ(files().exposure(file_with("text")), std::nullopt);
  EXPECT_EQ(files().exposure(world().directory()), std::nullopt);
  EXPECT_EQ(files().exposure("/"), std::nullopt);
}

TEST_P(ExposureContract, IsNoneForAMissingEntryThatOnlyRootCanMake) {
  EXPECT_EQ(files().exposure(in_directory("missing/below")), std::nullopt);
}

TEST_P(ExposureContract, IsADirectoryOfAUser) {
  const std::string path = file_with("text");
  world().give_to(world().directory(), world().ordinary_ids());
  EXPECT_EQ(files().exposure(path), exposed(world().directory(), Exposure::To::owner));
}

TEST_P(ExposureContract, IsADirectoryOfAUserInWhichTheEntryIsMissing) {
  world().give_to(world().directory(), world().ordinary_ids());
  EXPECT_EQ(files().exposure(in_directory("missing")),
            exposed(world().directory(), Exposure::To::owner));
}

TEST_P(ExposureContract, IsADirectoryThatItsGroupCanWrite) {
  const std::string path = file_with("text");
  world().set_mode(world().directory(), 0775);
  EXPECT_EQ(files().exposure(path), exposed(world().directory(), Exposure::To::group));
}

TEST_P(ExposureContract, IsADirectoryThatEverybodyCanWrite) {
  const std::string path = file_with("text");
  world().set_mode(world().directory(), 0777);
  EXPECT_EQ(files().exposure(path), exposed(world().directory(), Exposure::To::everybody));
}

TEST_P(ExposureContract, IsTheFirstOfSeveralOnTheWay) {
  world().make_directory(in_directory("open"));
  world().make_directory(in_directory("open/below"));
  world().set_mode(in_directory("open"), 0777);
  world().set_mode(in_directory("open/below"), 0777);
  EXPECT_EQ(files().exposure(in_directory("open/below/file")),
            exposed(in_directory("open"), Exposure::To::everybody));
}

TEST_P(ExposureContract, IsAFileThatOthersCanWrite) {
  const std::string path = file_with("text");
  world().set_mode(path, 0666);
  EXPECT_EQ(files().exposure(path), exposed(path, Exposure::To::everybody));
  world().set_mode(path, 0644);
  world().give_to(path, world().ordinary_ids());
  EXPECT_EQ(files().exposure(path), exposed(path, Exposure::To::owner));
}

TEST_P(ExposureContract, IsNoneForWhatRootOwnsInAStickyDirectory) {
  const std::string path = file_with("text");
  world().set_mode(world().directory(), 01777);
  EXPECT_EQ(files().exposure(path), std::nullopt);
}

TEST_P(ExposureContract, IsAStickyDirectoryInWhichTheEntryIsMissing) {
  world().set_mode(world().directory(), 01777);
  EXPECT_EQ(files().exposure(in_directory("missing")),
            exposed(world().directory(), Exposure::To::everybody));
}

TEST_P(ExposureContract, IsAStickyDirectoryInWhichTheEntryIsAUsers) {
  const std::string path = file_with("text");
  world().give_to(path, world().ordinary_ids());
  world().set_mode(world().directory(), 01777);
  EXPECT_EQ(files().exposure(path), exposed(world().directory(), Exposure::To::everybody));
}

TEST_P(ExposureContract, IsWhatALinkLeadsThrough) {
  world().make_directory(in_directory("open"));
  world().write(in_directory("open/file"), "text");
  world().set_mode(in_directory("open"), 0777);
  world().make_link("open", in_directory("link"));
  EXPECT_EQ(files().exposure(in_directory("link/file")),
            exposed(in_directory("open"), Exposure::To::everybody));
}

TEST_P(ExposureContract, IsThePlaceOfALinkThatAUserCanHavePutThere) {
  world().make_directory(in_directory("open"));
  world().make_link("/", in_directory("open/link"));
  world().set_mode(in_directory("open"), 0777);
  EXPECT_EQ(files().exposure(in_directory("open/link/etc")),
            exposed(in_directory("open"), Exposure::To::everybody));
}

}  // namespace host::contract
