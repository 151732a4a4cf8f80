#pragma once

#include "sim/machine/files.h"
#include "sim/testing/error_of.h"

#include <gtest/gtest.h>

#include <string>

namespace sim::testing {

inline const Identity root = {};
inline const Identity alice = {.user = 1000, .group = 100};
inline const Identity bob = {.user = 1001, .group = 100};  // in the group of Alice
inline const Identity carol = {.user = 1002, .group = 1002};

// A machine with a directory that everyone may write to.
class FilesTest : public ::testing::Test {
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

}  // namespace sim::testing
