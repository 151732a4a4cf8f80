#pragma once

#include "agent/host/contract/file_system_contract.h"

#include <string>

// What every host::FileSystem does when it makes and removes.

namespace host::contract {

class DirectoryCreationContract : public FileSystemTest {
 protected:
  [[nodiscard]] Result<void> create(const std::string& path) {
    return files().create_directory(path);
  }
};
class DirectoryCreationPermissionContract : public NeedsRoot<DirectoryCreationContract> {};
class DirectoryTakingContract : public NeedsRoot<FileSystemTest> {
 protected:
  void SetUp() override {
    NeedsRoot::SetUp();
    if (!IsSkipped()) {
      world().make_directory(taken());
    }
  }

  [[nodiscard]] std::string taken() { return in_directory("taken"); }
  void give_away(unsigned mode) {
    world().give_to(taken(), world().ordinary_ids());
    world().set_mode(taken(), mode);
  }
};
class FileRemovalContract : public FileSystemTest {};
class FileRemovalPermissionContract : public NeedsRoot<FileSystemTest> {};

// The victim in a directory elsewhere, and a link to that directory at place/link.
class RemovalThroughLinksContract : public NeedsRoot<FileSystemTest> {
 protected:
  void SetUp() override {
    NeedsRoot::SetUp();
    if (IsSkipped()) {
      return;
    }
    world().make_directory(elsewhere());
    world().write(victim(), "precious");
    world().make_directory(in_directory("elsewhere/empty"));
    world().make_directory(place());
    world().make_link(elsewhere(), link());
  }

  [[nodiscard]] std::string elsewhere() { return in_directory("elsewhere"); }
  [[nodiscard]] std::string victim() { return in_directory("elsewhere/victim"); }
  [[nodiscard]] std::string place() { return in_directory("place"); }
  [[nodiscard]] std::string link() { return in_directory("place/link"); }

  void expect_not_followed(const std::string& link) {
    const std::string file = link + "/victim";
    const std::string directory = link + "/empty";
    EXPECT_TRUE(fails_with(files().remove_file(file), ErrorKind::not_permitted, file));
    EXPECT_TRUE(
        fails_with(files().remove_directory(directory), ErrorKind::not_permitted, directory));
    EXPECT_TRUE(world().exists(victim()));
    EXPECT_TRUE(world().exists(in_directory("elsewhere/empty")));
  }

  void expect_followed(const std::string& link) {
    EXPECT_TRUE(succeeds(files().remove_file(link + "/victim")));
    EXPECT_TRUE(succeeds(files().remove_directory(link + "/empty")));
    EXPECT_FALSE(world().exists(victim()));
    EXPECT_FALSE(world().exists(in_directory("elsewhere/empty")));
  }
};

}  // namespace host::contract
