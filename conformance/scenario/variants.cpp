#include "conformance/scenario/variants.h"

#include "sim/yaml/table.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>

namespace conformance {
namespace {

using yaml::Tree;

std::string joined(const std::string& name, const std::string& part) {
  return name.empty() ? part : name + "/" + part;
}

std::vector<Variant> combinations(const Tree& table) {
  std::vector<Variant> variants = {Variant{}};
  for (const auto& [key, place, values] : table.entries) {
    std::vector<Variant> longer;
    for (const auto& variant : variants) {
      for (const auto& value : yaml::list_in(values, key)) {
        Variant next = variant;
        next.name = joined(next.name, yaml::flow_text(value));
        next.values[key] = value;
        longer.push_back(std::move(next));
      }
    }
    variants = std::move(longer);
  }
  return variants;
}

std::vector<Variant> rows(const Tree& list) {
  std::vector<Variant> variants;
  for (const auto& row : list.items) {
    Variant variant;
    for (const auto& [key, place, value] : yaml::entries_in(row, "variant", "{NAME: VALUE, ...}")) {
      if (key == "called") {
        variant.name = yaml::word_in(value, "called");
        continue;
      }
      if (variant.values.empty() && variant.name.empty()) {
        variant.name = yaml::flow_text(value);
      }
      variant.values[key] = value;
    }
    const auto has_its_name = [&](const Variant& other) { return other.name == variant.name; };
    if (std::ranges::any_of(variants, has_its_name)) {
      throw yaml::Misread{row.place, "duplicate variant \"" + variant.name + "\""};
    }
    variants.push_back(std::move(variant));
  }
  return variants;
}

bool goes_on_with_name(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

class Substitution {
 public:
  explicit Substitution(const Variant& variant) : variant_(variant) {}

  Tree apply(const Tree& tree) {
    Tree done = tree;
    if (tree.kind == Tree::Kind::word) {
      return apply_to_word(tree);
    }
    for (auto& item : done.items) {
      item = apply(item);
    }
    for (auto& entry : done.entries) {
      entry.key = apply_to_text(entry.key);
      entry.value = apply(entry.value);
    }
    return done;
  }

  [[nodiscard]] bool has_used(const std::string& name) const { return used_.contains(name); }

 private:
  // A word that consists of the variable alone becomes its value, which may be a list or a table.
  Tree apply_to_word(const Tree& tree) {
    for (const auto& [name, value] : variant_.values) {
      if (tree.word == "$" + name) {
        used_.insert(name);
        Tree done = value;
        done.place = tree.place;
        return done;
      }
    }
    Tree done = tree;
    done.word = apply_to_text(tree.word);
    return done;
  }

  std::string apply_to_text(std::string text) {
    for (const auto& [name, value] : variant_.values) {
      const std::string sign = "$" + name;
      for (auto found = text.find(sign); found != std::string::npos;
           found = text.find(sign, found)) {
        const auto end = found + sign.size();
        if (value.kind != Tree::Kind::word || (end < text.size() && goes_on_with_name(text[end]))) {
          found = end;
          continue;
        }
        text.replace(found, sign.size(), value.word);
        found += value.word.size();
        used_.insert(name);
      }
    }
    return text;
  }

  const Variant& variant_;
  std::set<std::string> used_;
};

}  // namespace

std::vector<Variant> read_variants(const Tree& tree) {
  if (tree.kind == Tree::Kind::table) {
    return combinations(tree);
  }
  return rows(Tree{
      .kind = Tree::Kind::list, .items = yaml::list_in(tree, "variants"), .place = tree.place});
}

Tree substitute(const Tree& tree, const Variant& variant) {
  Substitution substitution(variant);
  Tree done = substitution.apply(tree);
  for (const auto& [name, value] : variant.values) {
    if (!substitution.has_used(name)) {
      throw yaml::Misread{value.place,
                          "unused variable $" + name + ": the scenario does not contain it"};
    }
  }
  return done;
}

}  // namespace conformance
