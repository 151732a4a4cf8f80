#pragma once

#include "agent/host/contract/contract_test.h"
#include "agent/host/file_system.h"

#include <functional>
#include <string>

namespace host::contract {

// A machine whose files a test can prepare and inspect without the tested object.
class FileSystemWorld {
 public:
  virtual ~FileSystemWorld() = default;

  [[nodiscard]] virtual FileSystem& files() = 0;

  // An empty directory with mode 0755 that belongs to this process. If this process is root, so
  // does every directory above it, and nobody else may write to any of them.
  [[nodiscard]] virtual std::string directory() = 0;

  virtual void write(const std::string& path, const std::string& text) = 0;  // mode 0644
  virtual void make_directory(const std::string& path) = 0;                  // mode 0755
  virtual void make_fifo(const std::string& path) = 0;
  virtual void make_link(const std::string& target, const std::string& at) = 0;
  virtual void set_mode(const std::string& path, unsigned mode) = 0;
  virtual void give_to(const std::string& path, Owner owner) = 0;  // does not follow a link

  // A device from which reads never end.
  [[nodiscard]] virtual std::string endless_device() = 0;

  // Whether the name exists, also for a dangling link.
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
  [[nodiscard]] virtual Owner owner_of(const std::string& path) = 0;
  [[nodiscard]] virtual unsigned mode_of(const std::string& path) = 0;

  // The permissions that this process removes from everything it creates (POSIX umask).
  virtual void set_creation_mask(unsigned mask) = 0;

  [[nodiscard]] virtual bool has_root() = 0;
  [[nodiscard]] virtual Owner own_ids() = 0;
  [[nodiscard]] virtual Owner ordinary_ids() = 0;

  // Runs `act` with the effective ids of an ordinary user. Only if has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;
};

// The behaviour of every host::FileSystem when it inspects files.

class FileSystemTest : public ContractTest<FileSystemWorld> {
 protected:
  static constexpr std::size_t ample = 1 << 20;

  [[nodiscard]] FileSystem& files() { return world().files(); }
  [[nodiscard]] std::string in_directory(const std::string& name) {
    return world().directory() + "/" + name;
  }
  // Creates a file with this text in the directory and returns its path.
  [[nodiscard]] std::string file_with(const std::string& text) {
    std::string path = in_directory("file");
    world().write(path, text);
    return path;
  }
  [[nodiscard]] FileStatus regular_file_of_5_bytes() {
    return {.type = FileType::regular, .size = 5, .owner = world().own_ids()};
  }
};

class FileReadContract : public FileSystemTest {};
class FileReadPermissionContract : public NeedsRoot<FileSystemTest> {};
class FileStatusContract : public FileSystemTest {};
class FileStatusPermissionContract : public NeedsRoot<FileSystemTest> {};
class FileAccessContract : public FileSystemTest {};
class FileAccessPermissionContract : public NeedsRoot<FileSystemTest> {};
class ExposureContract : public NeedsRoot<FileSystemTest> {
 protected:
  [[nodiscard]] Exposure exposed(const std::string& path, Exposure::To to) {
    return {.path = path, .to = to, .owner = world().owner_of(path)};
  }
};

// The behaviour of every host::FileSystem when it creates and removes files.

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
class FileReplacementContract : public FileSystemTest {};
class FileReplacementPermissionContract : public NeedsRoot<FileSystemTest> {};
class FileRemovalContract : public FileSystemTest {};
class FileRemovalPermissionContract : public NeedsRoot<FileSystemTest> {};

// A victim file in another directory, and a link to that directory at place/link.
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
