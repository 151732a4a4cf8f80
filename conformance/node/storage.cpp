#include "conformance/node/storage.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace node {
namespace {

constexpr const char* roomy = "size=64m,nr_inodes=10000";

void check(int result, const std::string& what) {
  if (result != 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

}  // namespace

Storage::Storage(std::string directory) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  check(::mount("tmpfs", directory_.c_str(), "tmpfs", MS_NOSUID,
                (std::string("mode=0755,") + roomy).c_str()),
        "mount tmpfs on " + directory_);
}

void Storage::make_sound() { remount(0, roomy); }

void Storage::make_read_only() { remount(MS_RDONLY, roomy); }

void Storage::make_full() {
  struct statvfs now = {};
  check(::statvfs(directory_.c_str(), &now), directory_);
  const auto pages = now.f_blocks - now.f_bfree;
  const auto inodes = now.f_files - now.f_ffree;
  // A size of 0 would mean no limit.
  remount(0, "size=" + std::to_string((pages == 0 ? 1 : pages) * now.f_frsize) +
                 ",nr_inodes=" + std::to_string(inodes));
}

void Storage::remount(unsigned long flags, const std::string& options) {
  check(::mount("tmpfs", directory_.c_str(), "tmpfs", MS_REMOUNT | MS_NOSUID | flags,
                options.c_str()),
        "remount " + directory_ + " with " + options);
}

}  // namespace node
