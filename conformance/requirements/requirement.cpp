#include "conformance/requirements/requirement.h"

#include "sim/yaml/table.h"

namespace conformance {
namespace {

using yaml::Table;
using yaml::Tree;

Requirement read_requirement(const Tree& tree, const std::string& source) {
  using Level = Requirement::Level;
  Table table(tree, "requirement");
  Requirement requirement{
      .id = yaml::word_in(table.need("id"), "an id"),
      .source = source,
      .section = yaml::read_text(table, "section"),
      .level = yaml::read_one_of<Level>(
          table.need("level"), "level",
          {{"must", Level::must}, {"should", Level::should}, {"may", Level::may}}),
      .says = yaml::word_in(table.need("says"), "says"),
      .untested = yaml::read_text(table, "untested")};
  table.finish();
  return requirement;
}

std::vector<Requirement> read_all(const Tree& tree) {
  Table table(tree, "file of requirements");
  const auto source = yaml::word_in(table.need("source"), "a source");
  std::vector<Requirement> requirements;
  for (const auto& item : yaml::list_in(table.need("requirements"), "requirements")) {
    requirements.push_back(read_requirement(item, source));
  }
  table.finish();
  return requirements;
}

}  // namespace

tl::expected<std::vector<Requirement>, yaml::BadInput> read_requirements(const std::string& file,
                                                                         const std::string& text) {
  return yaml::read_as(file, text, [&](const Tree& tree) { return read_all(tree); });
}

}  // namespace conformance
