#include "conformance/scenario/suite.h"

#include "conformance/scenario/reader.h"
#include "sim/yaml/tree.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

namespace conformance {
namespace {

namespace fs = std::filesystem;

tl::expected<std::vector<std::string>, std::string> files_in(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const auto extension = entry.path().extension();
    if (extension == ".yaml" || extension == ".yml") {
      files.push_back(entry.path().string());
    }
  }
  if (error) {
    return tl::unexpected(directory + ": " + error.message());
  }
  std::ranges::sort(files);
  return files;
}

// Adds the items of each file of the directory to `all`. Returns an error, or "".
template <typename Item, typename Read>
std::string gather(const std::string& directory, std::vector<Item>& all, const Read& read) {
  const auto files = files_in(directory);
  if (!files) {
    return files.error();
  }
  for (const auto& file : *files) {
    const auto text = yaml::read_text_file(file);
    if (!text) {
      return file + ": " + text.error().message();
    }
    auto items = read(file, *text);
    if (!items) {
      return items.error().message();
    }
    std::ranges::move(*items, std::back_inserter(all));
  }
  return "";
}

// The error for an id that two files have; empty if there is none. The reader rejects duplicates in
// one file.
std::string twice_in(const std::vector<Scenario>& scenarios) {
  std::map<std::string, const Scenario*> known;
  for (const auto& scenario : scenarios) {
    const auto [first, is_new] = known.emplace(scenario.id, &scenario);
    if (!is_new && first->second->file != scenario.file) {
      return yaml::BadInput{
          .file = scenario.file,
          .place = scenario.place,
          .text = "duplicate scenario " + scenario.id + ": it is also in " + first->second->file}
          .message();
    }
  }
  return "";
}

}  // namespace

tl::expected<Suite, std::string> read_suite(const std::string& fixtures, Kind kind) {
  Suite suite;
  auto wrong = gather(fixtures + "/requirements", suite.requirements, read_requirements);
  if (!wrong.empty()) {
    return tl::unexpected(wrong);
  }
  const std::function is_requirement = [&](const std::string& id) {
    return std::ranges::find(suite.requirements, id, &Requirement::id) != suite.requirements.end();
  };
  wrong = gather(fixtures + (kind == Kind::scenarios ? "/scenarios" : "/recordings"),
                 suite.scenarios, [&](const std::string& file, const std::string& text) {
                   return read_scenarios(file, text, is_requirement);
                 });
  if (wrong.empty()) {
    wrong = twice_in(suite.scenarios);
  }
  if (!wrong.empty()) {
    return tl::unexpected(wrong);
  }
  return suite;
}

}  // namespace conformance
