#pragma once

#include <string>
#include <vector>

namespace live {

// A directory of fixtures/ with configurations, NAME.cfg, and the files that they load.
class FixtureDirectory {
 public:
  explicit FixtureDirectory(const std::string& name);

  [[nodiscard]] std::vector<std::string> configurations() const;  // their names, sorted
  [[nodiscard]] std::string read(const std::string& file) const;
  // Copies all files except configurations, recorded logs and the README.
  void copy_all_to(const std::string& directory) const;

 private:
  std::string path_;
};

// The text after "# KEY: " in the first lines of a configuration; empty if there is none.
[[nodiscard]] std::string header_of(const std::string& config, const std::string& key);

// Whether Kamailio has this module, such as "tls.so".
[[nodiscard]] bool has_module(const std::string& name);

// The name of a test with a configuration, because GoogleTest does not allow '-'.
[[nodiscard]] std::string name_of_test_of(std::string configuration);

}  // namespace live
