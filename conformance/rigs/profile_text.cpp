#include "conformance/rigs/profile_text.h"

#include "sim/yaml/writer.h"

#include <algorithm>

namespace conformance {
namespace {

using yaml::Entry;
using yaml::Tree;

Tree& table_at(Tree& tree, const std::string& key) {
  const auto found = std::ranges::find(tree.entries, key, &Entry::key);
  if (found != tree.entries.end()) {
    return found->value;
  }
  tree.entries.push_back({.key = key, .value = {.kind = Tree::Kind::table}});
  return tree.entries.back().value;
}

void set_all(Tree& tree, const Tree& options) {
  for (const auto& [key, place, value] : options.entries) {
    table_at(tree, key) = value;
  }
}

}  // namespace

void ProfileText::add(const sim::Setup& setup, const sim::Instances& instances) {
  for (const auto& change : setup.programs) {
    set_all(table_at(tree_, change.actor), change.options);
    if (change.actor == "kamailio") {
      // The change also applies to servers that have been changed before.
      for (auto& [pid_file, place, server] : table_at(tree_, "servers").entries) {
        set_all(server, change.options);
      }
    }
  }
  for (const auto& [name, change] : setup.servers) {
    set_all(table_at(table_at(tree_, "servers"), cluster::pid_file_of(instances.at(name))),
            change.options);
  }
}

std::string ProfileText::text() const { return yaml::document_of(tree_); }

}  // namespace conformance
