#include "sim/yaml/tree.h"

#include "agent/base/utf8.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

namespace yaml {
namespace {

namespace Complaint = YAML::ErrorMsg;

std::uint8_t number_of(char byte) { return static_cast<std::uint8_t>(byte); }

bool is_control(char byte) {
  constexpr std::uint8_t blank = 0x20;
  constexpr std::uint8_t deletion = 0x7F;
  const bool is_usual = byte == '\t' || byte == '\n' || byte == '\r';
  return (number_of(byte) < blank && !is_usual) || number_of(byte) == deletion;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

// The position of the first byte that is not UTF-8 (RFC 3629), or is a control character other than
// a tab or a line end; nothing if there is none.
std::optional<std::size_t> find_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto character = base::first_character(text.substr(i));
    if (!character || is_control(text[i])) {
      return i;
    }
    i += character->size;
  }
  return std::nullopt;
}

std::string describe_bad_byte(char bad) {
  std::array<char, 8> number = {};
  (void)std::snprintf(number.data(), number.size(), "0x%02x", unsigned{number_of(bad)});
  return is_control(bad) ? std::string("invalid control character ") + number.data()
                         : std::string("invalid byte ") + number.data() + ": expected UTF-8";
}

// Columns count bytes, as in yaml-cpp.
Place place_at(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, position);
  const auto line_break = before.rfind('\n');
  const auto line_begin = line_break == std::string_view::npos ? 0 : line_break + 1;
  return {.line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
          .column = static_cast<int>(position - line_begin) + 1};
}

// A table or a list whose end the parser has not reached.
struct OpenPart {
  Tree::Kind kind = Tree::Kind::table;
  Place place;
  bool in_brackets = false;  // {} or []
};

std::string text_of(Place place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string_view text_from(std::string_view text, Place place) {
  for (int line = 1; line < place.line && !text.empty(); ++line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  text.remove_prefix(std::min(static_cast<std::size_t>(place.column - 1), text.size()));
  return text;
}

std::string character_at(std::string_view text, Place place) {
  return "\"" + std::string(text_from(text, place).substr(0, 1)) + "\"";
}

// The place of a tab in the indentation of the line, if there is one.
std::optional<Place> tab_in_indentation(std::string_view text, int line) {
  const auto rest = text_from(text, {.line = line, .column = 1});
  const auto indentation = rest.substr(0, rest.find_first_not_of(" \t"));
  const auto tab = indentation.find('\t');
  if (tab == std::string_view::npos) {
    return std::nullopt;
  }
  return Place{.line = line, .column = static_cast<int>(tab) + 1};
}

bool is_before(Place one, Place other) {
  return std::pair(one.line, one.column) < std::pair(other.line, other.column);
}

const char* bracket_of(const OpenPart& part) {
  return part.kind == Tree::Kind::table ? "\"{\"" : "\"[\"";
}

Misread unclosed_bracket(const OpenPart& part, Place place, std::string_view text) {
  std::string why = std::string(bracket_of(part)) + " is not closed";
  const auto rest = text_from(text, place);
  const bool is_at_end = rest.find_first_not_of(" \t\r\n") == std::string_view::npos;
  // If the last line has no line end, yaml-cpp reports the beginning of the file.
  if (!is_at_end && is_before(part.place, place)) {
    why += ", or a \",\" is missing before " + text_of(place);
  }
  return {part.place, why};
}

std::string strange_bracket(const std::optional<OpenPart>& innermost, Place place,
                            std::string_view text) {
  const std::string bracket = character_at(text, place);
  if (!innermost || !innermost->in_brackets) {
    return "unexpected " + bracket + ": no bracket is open";
  }
  return "unexpected " + bracket + ": the " + bracket_of(*innermost) + " at " +
         text_of(innermost->place) + " is still open";
}

std::string strange_line(const OpenPart& part) {
  const bool is_table = part.kind == Tree::Kind::table;
  return std::string("this does not continue the ") + (is_table ? "table" : "list") +
         " that begins at " + text_of(part.place) + ": expected " +
         (is_table ? "KEY: VALUE" : "\"- ITEM\"") +
         " in the same column; check indentation and quotes";
}

Misread explain_yaml(const std::string& complaint, Place place, std::string_view text,
                     const std::optional<OpenPart>& innermost) {
  const bool is_end_missing =
      complaint == Complaint::END_OF_MAP_FLOW || complaint == Complaint::END_OF_SEQ_FLOW;
  if (is_end_missing && innermost) {
    return unclosed_bracket(*innermost, place, text);
  }
  if ((complaint == Complaint::END_OF_MAP || complaint == Complaint::END_OF_SEQ) && innermost) {
    return {place, strange_line(*innermost)};
  }
  if (complaint == Complaint::FLOW_END) {
    return {place, strange_bracket(innermost, place, text)};
  }
  if (complaint == Complaint::MAP_VALUE) {
    return {place, "unexpected \":\"; check the indentation, or quote the text"};
  }
  if (complaint == Complaint::BLOCK_ENTRY) {
    return {place, "unexpected \"-\": a list begins on its own line"};
  }
  if (complaint == Complaint::UNKNOWN_TOKEN) {
    return {place,
            "unexpected " + character_at(text, place) + " at the beginning of a text; quote it"};
  }
  // While it parses, yaml-cpp reports BAD_FILE only for nesting that is too deep.
  return {place,
          complaint == Complaint::BAD_FILE ? "tables and lists are nested too deeply" : complaint};
}

// Translates an error of yaml-cpp into words that need no knowledge of a parser.
Misread explain(const std::string& complaint, Place place, std::string_view text,
                const std::optional<OpenPart>& innermost) {
  // YAML allows a tab at the beginning of a line only between brackets.
  if (!innermost || !innermost->in_brackets) {
    if (const auto tab = tab_in_indentation(text, place.line)) {
      return {*tab, "tab in the indentation: expected spaces"};
    }
  }
  auto misread = explain_yaml(complaint, place, text, innermost);
  misread.text.insert(0, "invalid YAML: ");
  return misread;
}

// Whether the text begins with a quote that is never closed.
bool is_unclosed_quote(std::string_view text) {
  const char quote = text.front();
  if (quote != '\'' && quote != '"') {
    return false;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote) {
      // '' within single quotes is one quote character, not the end.
      if (quote == '"' || !text.substr(i + 1).starts_with(quote)) {
        return false;
      }
      ++i;
    }
  }
  return true;
}

// If yaml-cpp has no position for an error, it is reported at the beginning of the file.
Place place_of(const YAML::Mark& mark) {
  return {.line = std::max(mark.line, 0) + 1, .column = std::max(mark.column, 0) + 1};
}

// Builds a tree from the parser's events, and knows the innermost open part when parsing fails.
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
      throw Misread{place_of(mark), "a second document begins here: expected only one"};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.place = place_of(mark)}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Misread{place_of(mark), "the alias refers to a part that contains it"};
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
      throw Misread{key.place, "invalid key: expected a word"};
    }
    auto& entries = part.tree.entries;
    if (std::ranges::find(entries, key.word, &Entry::key) != entries.end()) {
      throw Misread{key.place, "duplicate key \"" + key.word + "\""};
    }
    entries.push_back({.key = key.word, .place = key.place, .value = {}});
    part.wants_value = true;
  }

  void add_value(Tree value) {
    auto& part = open_.back();
    auto& entry = part.tree.entries.back();
    if (value.kind == Tree::Kind::nothing) {
      value.place = entry.place;  // the parser has that of the next token
    }
    entry.value = std::move(value);
    part.wants_value = false;
  }

  // yaml-cpp accepts a quoted text that is never closed: it ends with the file.
  void check_end_of_quote(std::size_t position) const {
    const auto begin = text_.find_first_of("'\"|>", position);
    if (begin != std::string_view::npos && is_unclosed_quote(text_.substr(begin))) {
      throw Misread{place_at(text_, begin),
                    "invalid YAML: the quoted text that begins here is not closed"};
    }
  }

  std::string_view text_;
  std::optional<Tree> tree_;
  std::vector<Part> open_;  // the innermost last
  std::map<YAML::anchor_t, Tree> anchors_;
};

// Throws Misread, which read_tree returns as an error.
Tree tree_in(std::string_view text) {
  if (const auto bad = find_bad_byte(text)) {
    throw Misread{place_at(text, *bad), describe_bad_byte(text[*bad])};
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
    throw Misread{{.line = 1, .column = 1}, "the file is empty"};
  }
  return *builder.tree();
}

struct Closer {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

tl::unexpected<std::error_code> failed() {
  return tl::unexpected(std::error_code(errno, std::generic_category()));
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

// Reads with stdio because iostreams do not report the error.
tl::expected<std::string, std::error_code> read_text_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    return failed();
  }
  std::string text;
  std::array<char, 4096> part = {};
  std::size_t count = 0;
  while ((count = std::fread(part.data(), 1, part.size(), file.get())) > 0) {
    text.append(part.data(), count);
  }
  if (std::ferror(file.get()) != 0) {
    return failed();
  }
  return text;
}

}  // namespace yaml
