#include "sim/yaml/tree.h"

#include "sim/yaml/explain.h"
#include "sim/yaml/utf8.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace yaml {
namespace {

// What yaml-cpp knows no place of is said at the beginning.
Place place_of(const YAML::Mark& mark) {
  return {.line = std::max(mark.line, 0) + 1, .column = std::max(mark.column, 0) + 1};
}

// Makes a tree of what a parser finds, and knows where the parser is when that fails.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  [[nodiscard]] const std::optional<Tree>& tree() const { return tree_; }
  [[nodiscard]] std::optional<OpenPart> innermost() const {
    if (open_.empty()) {
      return std::nullopt;
    }
    const auto& part = open_.back();
    return OpenPart{
        .kind = part.tree.kind, .place = part.tree.place, .in_brackets = part.in_brackets};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (tree_) {
      throw Misread{place_of(mark), "a second document begins here, and only one is allowed"};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.place = place_of(mark)}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Misread{place_of(mark), "this refers to what it is a part of"};
    }
    add(found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool is_plain = tag == "?";
    const bool is_quoted = tag == "!";  // or a block, behind | or >
    if (is_plain && value == "<<" && wants_key()) {
      throw Misread{place_of(mark), "merge keys are not supported"};
    }
    if (is_quoted) {
      check_end_of_quote(static_cast<std::size_t>(mark.pos));
    }
    add({.kind = Tree::Kind::word, .word = value, .place = place_of(mark)}, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    begin(Tree::Kind::list, mark, anchor, style);
  }
  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    begin(Tree::Kind::table, mark, anchor, style);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Part {
    Tree tree;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool in_brackets = false;
    bool wants_value = false;
  };

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().tree.kind == Tree::Kind::table &&
           !open_.back().wants_value;
  }

  void begin(Tree::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
             YAML::EmitterStyle::value style) {
    open_.push_back({.tree = {.kind = kind, .place = place_of(mark)},
                     .anchor = anchor,
                     .in_brackets = style == YAML::EmitterStyle::Flow});
  }

  void end() {
    Part part = std::move(open_.back());
    open_.pop_back();
    add(std::move(part.tree), part.anchor);
  }

  void add(Tree tree, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = tree;
    }
    if (open_.empty()) {
      tree_ = std::move(tree);
    } else if (open_.back().tree.kind == Tree::Kind::list) {
      open_.back().tree.items.push_back(std::move(tree));
    } else if (open_.back().wants_value) {
      add_value(std::move(tree));
    } else {
      add_key(tree);
    }
  }

  void add_key(const Tree& key) {
    auto& part = open_.back();
    if (key.kind != Tree::Kind::word) {
      throw Misread{key.place, "a key has to be a word"};
    }
    auto& entries = part.tree.entries;
    if (std::ranges::find(entries, key.word, &Entry::key) != entries.end()) {
      throw Misread{key.place, "\"" + key.word + "\" stands here twice"};
    }
    entries.push_back({.key = key.word, .place = key.place, .value = {}});
    part.wants_value = true;
  }

  void add_value(Tree value) {
    auto& part = open_.back();
    auto& entry = part.tree.entries.back();
    if (value.kind == Tree::Kind::nothing) {
      value.place = entry.place;  // the parser's is that of what comes next
    }
    entry.value = std::move(value);
    part.wants_value = false;
  }

  // To yaml-cpp a quoted text that is never closed goes on to the end of the file.
  void check_end_of_quote(std::size_t position) const {
    const auto begin = text_.find_first_of("'\"|>", position);
    if (begin != std::string_view::npos && is_unclosed_quote(text_.substr(begin))) {
      throw Misread{place_at(text_, begin),
                    "no YAML: a quoted text begins here that is not closed"};
    }
  }

  std::string_view text_;
  std::optional<Tree> tree_;
  std::vector<Part> open_;  // the innermost last
  std::map<YAML::anchor_t, Tree> anchors_;
};

// Throws what read_tree reports.
Tree tree_in(std::string_view text) {
  if (const auto bad = find_bad_byte(text)) {
    throw Misread{place_at(text, *bad), name_of_byte(text[*bad])};
  }
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(text);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw explain(error.msg, place_of(error.mark), text, builder.innermost());
  }
  if (!builder.tree() || builder.tree()->kind == Tree::Kind::nothing) {
    throw Misread{{.line = 1, .column = 1}, "is empty"};
  }
  return *builder.tree();
}

}  // namespace

std::string BadInput::message() const {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + text;
}

tl::expected<Tree, BadInput> read_tree(const std::string& file, const std::string& text) {
  try {
    return tree_in(without_byte_order_mark(text));
  } catch (const Misread& misread) {
    return tl::unexpected(BadInput{.file = file, .place = misread.place, .text = misread.text});
  }
}

}  // namespace yaml
