#include "sim/yaml/tree.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <utility>

namespace yaml {
namespace {

struct Failure {
  Place place;
  std::string text;
};

Place place_of(const YAML::Mark& mark) {
  return {.line = mark.line + 1, .column = mark.column + 1};
}

Tree tree_of(const YAML::Node& node) {
  Tree tree{.place = place_of(node.Mark())};
  switch (node.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null:
      break;
    case YAML::NodeType::Scalar:
      tree.kind = Tree::Kind::word;
      tree.word = node.Scalar();
      break;
    case YAML::NodeType::Sequence:
      tree.kind = Tree::Kind::list;
      for (const auto& item : node) {
        tree.items.push_back(tree_of(item));
      }
      break;
    case YAML::NodeType::Map:
      tree.kind = Tree::Kind::table;
      for (const auto& entry : node) {
        const auto place = place_of(entry.first.Mark());
        if (!entry.first.IsScalar()) {
          throw Failure{place, "a key has to be a word"};
        }
        const auto& key = entry.first.Scalar();
        if (std::ranges::find(tree.entries, key, &Entry::key) != tree.entries.end()) {
          throw Failure{place, "\"" + key + "\" stands here twice"};
        }
        tree.entries.push_back({.key = key, .place = place, .value = tree_of(entry.second)});
      }
      break;
  }
  return tree;
}

}  // namespace

std::string BadInput::message() const {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + text;
}

tl::expected<Tree, BadInput> read_tree(const std::string& file, const std::string& text) {
  try {
    return tree_of(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    return tl::unexpected(
        BadInput{.file = file, .place = place_of(error.mark), .text = "no YAML: " + error.msg});
  } catch (const Failure& failure) {
    return tl::unexpected(BadInput{.file = file, .place = failure.place, .text = failure.text});
  }
}

}  // namespace yaml
