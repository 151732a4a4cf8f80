#pragma once

#include "agent/host/file_system.h"

#include <optional>
#include <string>
#include <string_view>

namespace posix {

class PosixFileSystem final : public host::FileSystem {
 public:
  [[nodiscard]] host::Result<std::string> read(const std::string& path, std::size_t limit) override;
  [[nodiscard]] host::Result<host::FileStatus> status(const std::string& path) override;
  [[nodiscard]] host::Result<host::FileStatus> link_status(const std::string& path) override;
  [[nodiscard]] host::Result<void> check_access(const std::string& path,
                                                host::Access access) override;
  [[nodiscard]] host::Result<std::optional<host::Exposure>> exposure(
      const std::string& path) override;
  [[nodiscard]] host::Result<void> create_directory(const std::string& path) override;
  [[nodiscard]] host::Result<void> take_directory(const std::string& path) override;
  [[nodiscard]] host::Result<void> replace_file(const std::string& path,
                                                std::string_view text) override;
  [[nodiscard]] host::Result<void> remove_file(const std::string& path) override;
  [[nodiscard]] host::Result<void> remove_directory(const std::string& path) override;
};

}  // namespace posix
