#pragma once

#include "agent/host/file_system.h"
#include "sim/machine/files.h"
#include "sim/machine/system_call.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// The files of a simulated machine, as one process sees them. A change of identity affects later
// calls.
class SimFileSystem final : public host::FileSystem {
 public:
  SimFileSystem(Files& files, const Identity& identity) : files_(files), identity_(identity) {}

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

 private:
  [[nodiscard]] host::Result<std::string> find_entry(const std::string& path) const;
  [[nodiscard]] host::Result<bool> make_directory(const std::string& entry,
                                                  const std::string& path);
  [[nodiscard]] host::Result<void> make_steps(const std::string& path,
                                              std::vector<std::string>& made);

  Files& files_;
  const Identity& identity_;
};

}  // namespace sim
