#pragma once

#include "agent/host/contract/file_system_world.h"
#include "agent/host/contract/result_assertions.h"
#include "agent/host/contract/world_factory.h"

#include <string>

// What every host::FileSystem does when it looks at files. The other half is in
// file_change_contract.h.

namespace host::contract {

class FileSystemTest : public ContractTest<FileSystemWorld> {
 protected:
  static constexpr std::size_t ample = 1 << 20;

  [[nodiscard]] FileSystem& files() { return world().files(); }
  [[nodiscard]] std::string in_directory(const std::string& name) {
    return world().directory() + "/" + name;
  }
  // A path in the directory that holds this text.
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

}  // namespace host::contract
