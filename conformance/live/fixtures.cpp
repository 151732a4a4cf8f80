#include "conformance/live/fixtures.h"

#include "conformance/live/node.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string_view>

namespace live {

using std::filesystem::directory_iterator;

FixtureDirectory::FixtureDirectory(const std::string& name) : path_(FIXTURES "/" + name) {}

std::vector<std::string> FixtureDirectory::configurations() const {
  std::vector<std::string> names;
  for (const auto& entry : directory_iterator(path_)) {
    if (entry.path().extension() == ".cfg") {
      names.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string FixtureDirectory::read(const std::string& file) const {
  return read_file(path_ + "/" + file);
}

void FixtureDirectory::copy_all_to(const std::string& directory) const {
  for (const auto& entry : directory_iterator(path_)) {
    const auto extension = entry.path().extension();
    if (extension != ".cfg" && extension != ".log" && extension != ".md") {
      std::filesystem::copy_file(entry.path(), directory / entry.path().filename());
    }
  }
}

std::string header_of(const std::string& config, const std::string& key) {
  std::istringstream lines(config);
  const std::string start = "# " + key + ": ";
  for (std::string line; std::getline(lines, line) && line.starts_with('#');) {
    if (line.starts_with(start)) {
      return line.substr(start.size());
    }
  }
  return {};
}

bool has_module(const std::string& name) {
  return std::ranges::any_of(directory_iterator("/usr/lib"), [&](const auto& library) {
    return exists(library.path().string() + "/kamailio/modules/" + name);
  });
}

std::string name_of_test_of(std::string configuration) {
  std::ranges::replace(configuration, '-', '_');
  return configuration;
}

}  // namespace live
