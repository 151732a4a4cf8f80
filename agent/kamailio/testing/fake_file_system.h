#pragma once

#include "agent/host/file_system.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kamailio::testing {

struct FakeFile {
  host::FileType type = host::FileType::regular;
  std::string content = {};
  std::set<host::Access> access = {host::Access::read};
  std::string target = {};  // of a symbolic link
  host::Owner owner = {};
};

// A path is compared as text; only the last component may be a symbolic link.
class FakeFileSystem : public host::FileSystem {
 public:
  void put(const std::string& path, FakeFile file = {}) { files_[path] = std::move(file); }
  void put_program(const std::string& path) {
    put(path, {.access = {host::Access::read, host::Access::execute}});
  }
  void put_directory(const std::string& path) { put(path, {.type = host::FileType::directory}); }
  void give_to(const std::string& path, host::Owner owner) {
    ASSERT_TRUE(files_.contains(path)) << path;
    files_[path].owner = owner;
  }
  void take_away(const std::string& path) { EXPECT_EQ(files_.erase(path), 1U) << path; }
  // From now on, each operation on the path fails.
  void spoil(const std::string& path, host::Error error) { spoiled_[path] = std::move(error); }

  [[nodiscard]] bool has(const std::string& path) const { return files_.contains(path); }
  // The number of queries, and all changes, such as "remove_file /run/x".
  [[nodiscard]] int looks() const { return looks_; }
  [[nodiscard]] const std::vector<std::string>& changes() const { return changes_; }

  [[nodiscard]] host::Result<std::string> read(const std::string& path,
                                               std::size_t limit) override {
    return look_up(path, Links::followed)
        .and_then([&](const FakeFile& file) -> host::Result<std::string> {
          if (file.type != host::FileType::regular) {
            return tl::unexpected(host::Error{.text = path + ": no regular file"});
          }
          return file.content.substr(0, limit);
        });
  }
  [[nodiscard]] host::Result<host::FileStatus> status(const std::string& path) override {
    return look_up(path, Links::followed).map(status_of);
  }
  [[nodiscard]] host::Result<host::FileStatus> link_status(const std::string& path) override {
    return look_up(path, Links::shown).map(status_of);
  }
  [[nodiscard]] host::Result<void> check_access(const std::string& path,
                                                host::Access access) override {
    const auto file = look_up(path, Links::followed);
    if (!file) {
      return tl::unexpected(file.error());
    }
    if (!file->access.contains(access)) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_permitted, .text = path + ": not permitted"});
    }
    return {};
  }
  // Checks only the owners of the entry and of the directory that contains it.
  [[nodiscard]] host::Result<std::optional<host::Exposure>> exposure(
      const std::string& path) override {
    for (const auto& place : {path.substr(0, path.rfind('/')), path}) {
      const auto found = files_.find(place);
      if (found != files_.end() && found->second.owner.user != 0) {
        return host::Exposure{.path = place, .owner = found->second.owner};
      }
    }
    return std::nullopt;
  }
  [[nodiscard]] host::Result<void> take_directory(const std::string& path) override {
    if (const auto found = look_up(path, Links::shown); !found) {
      return tl::unexpected(found.error());
    }
    files_[path].owner = {};
    changes_.push_back("take_directory " + path);
    return {};
  }
  [[nodiscard]] host::Result<void> create_directory(const std::string& path) override {
    if (const auto found = look_up(path, Links::followed)) {
      return found->type == host::FileType::directory
                 ? host::Result<void>()
                 : tl::unexpected(host::Error{.text = path + ": no directory"});
    }
    if (spoiled_.contains(path)) {
      return tl::unexpected(spoiled_[path]);
    }
    put_directory(path);
    changes_.push_back("create_directory " + path);
    return {};
  }
  [[nodiscard]] host::Result<void> replace_file(const std::string& path,
                                                std::string_view text) override {
    const auto parent = look_up(path.substr(0, path.rfind('/')), Links::followed);
    if (!parent) {
      return tl::unexpected(parent.error());
    }
    if (spoiled_.contains(path)) {
      return tl::unexpected(spoiled_[path]);
    }
    put(path, {.content = std::string(text)});
    changes_.push_back("replace_file " + path);
    return {};
  }
  [[nodiscard]] host::Result<void> remove_file(const std::string& path) override {
    const auto file = look_up(path, Links::shown);
    if (!file) {
      return tl::unexpected(file.error());
    }
    if (file->type == host::FileType::directory) {
      return tl::unexpected(host::Error{.text = path + ": a directory"});
    }
    files_.erase(path);
    changes_.push_back("remove_file " + path);
    return {};
  }
  [[nodiscard]] host::Result<void> remove_directory(const std::string& path) override {
    const auto file = look_up(path, Links::shown);
    if (!file) {
      return tl::unexpected(file.error());
    }
    if (file->type != host::FileType::directory) {
      return tl::unexpected(host::Error{.text = path + ": no directory"});
    }
    if (const auto next = files_.lower_bound(path + "/");
        next != files_.end() && next->first.starts_with(path + "/")) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_empty, .text = path + ": not empty"});
    }
    files_.erase(path);
    changes_.push_back("remove_directory " + path);
    return {};
  }

 private:
  enum class Links { followed, shown };

  static host::FileStatus status_of(const FakeFile& file) {
    return {.type = file.type, .size = file.content.size(), .owner = file.owner};
  }

  host::Result<FakeFile> look_up(const std::string& path, Links links) {
    EXPECT_TRUE(path.starts_with('/')) << "not absolute: " << path;
    ++looks_;
    if (const auto spoiled = spoiled_.find(path); spoiled != spoiled_.end()) {
      return tl::unexpected(spoiled->second);
    }
    const auto found = files_.find(path);
    if (found == files_.end()) {
      return tl::unexpected(
          host::Error{.kind = host::ErrorKind::not_found, .text = path + ": no such file"});
    }
    if (found->second.type == host::FileType::symbolic_link && links == Links::followed) {
      return look_up(found->second.target, links);
    }
    return found->second;
  }

  std::map<std::string, FakeFile> files_;
  std::map<std::string, host::Error> spoiled_;
  std::vector<std::string> changes_;
  int looks_ = 0;
};

}  // namespace kamailio::testing
