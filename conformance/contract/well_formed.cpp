#include "conformance/contract/meta_data.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <string_view>
#include <utility>

namespace contract {
namespace {

constexpr auto npos = std::string_view::npos;

// Scans the markup once, and checks the text between tags.
class Scanner {
 public:
  explicit Scanner(const std::string& text) : text_(text) {}

  std::vector<Remark> scan() {
    look_at_bytes();
    while (at_ < text_.size()) {
      if (rest().starts_with("<!--")) {
        comment();
      } else if (rest().starts_with("<![CDATA[")) {
        skip_behind("]]>");
      } else if (rest().starts_with("<?")) {
        instruction();
      } else if (rest().starts_with("<!DOCTYPE")) {
        document_type();
      } else if (text_[at_] == '<') {
        tag();
      } else {
        character_data();
      }
    }
    return remarks_;
  }

 private:
  [[nodiscard]] std::string_view rest() const { return std::string_view(text_).substr(at_); }

  void find(std::size_t offset, std::string what) {
    remarks_.push_back({.line = line_at(text_, offset), .text = std::move(what)});
  }

  // "<?xml" begins a declaration; elsewhere it is a reserved processing instruction.
  void instruction() {
    static const std::regex declaration(R"(<\?xml\s+version\s*=\s*(["'])1\.[0-9]+\1)"
                                        R"((\s+encoding\s*=\s*(["'])[A-Za-z][\w.-]*\3)?)"
                                        R"((\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*\?>)");
    const auto begin = at_;
    skip_behind("?>");
    const auto text = text_.substr(begin, at_ - begin);
    if (text.size() > 5 && text.starts_with("<?xml") &&
        (text[5] == '?' || std::isspace(static_cast<unsigned char>(text[5])) != 0)) {
      if (begin != (text_.starts_with("\xEF\xBB\xBF") ? 3U : 0U)) {
        find(begin, "text before the XML declaration");
      } else if (!std::regex_match(text, declaration)) {
        find(begin, "invalid XML declaration");
      }
    }
  }

  // The number of bytes of the character at `at`; 0 if it is invalid.
  [[nodiscard]] std::size_t character_length(std::size_t at) const {
    const auto byte = static_cast<unsigned char>(text_[at]);
    if (byte < 0x80) {
      return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r' ? 1 : 0;
    }
    const std::size_t length = byte >= 0xF5   ? 0
                               : byte >= 0xF0 ? 4
                               : byte >= 0xE0 ? 3
                               : byte >= 0xC2 ? 2
                                              : 0;
    if (length == 0 || at + length > text_.size()) {
      return 0;
    }
    const auto continues = [](char next) {
      return (static_cast<unsigned char>(next) & 0xC0U) == 0x80U;
    };
    const auto first = text_.begin() + static_cast<std::ptrdiff_t>(at);
    return std::all_of(first + 1, first + static_cast<std::ptrdiff_t>(length), continues) ? length
                                                                                          : 0;
  }

  // The parser handles other encodings.
  [[nodiscard]] bool is_utf8() const {
    const auto declared = text_.substr(0, text_.find("?>"));
    return declared.find("encoding") == std::string::npos ||
           declared.find("UTF-8") != std::string::npos ||
           declared.find("utf-8") != std::string::npos;
  }

  void look_at_bytes() {
    if (!is_utf8()) {
      return;
    }
    for (std::size_t at = 0; at < text_.size();) {
      const auto length = character_length(at);
      if (length == 0) {
        find(at, "a byte that is not an XML character in UTF-8");
        return;
      }
      at += length;
    }
  }

  // The parser reports a missing `end`.
  void skip_behind(std::string_view end) {
    const auto found = text_.find(end, at_);
    at_ = found == std::string::npos ? text_.size() : found + end.size();
  }

  void comment() {
    const auto dashes = text_.find("--", at_ + 4);
    if (dashes != std::string::npos && text_.compare(dashes, 3, "-->") != 0) {
      find(dashes, "\"--\" within a comment");
    }
    skip_behind("-->");
  }

  void document_type() {
    static const std::regex type(
        R"re(<!DOCTYPE\s+[A-Za-z_:][\w:.-]*)re"
        R"re((\s+SYSTEM\s+("[^"]*"|'[^']*')|\s+PUBLIC\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*'))?\s*)re");
    const auto begin = at_;
    const auto end = std::min(text_.find_first_of("[>", at_), text_.size());
    if (!std::regex_match(text_.substr(begin, end - begin), type)) {
      find(begin, "invalid document type declaration");
    }
    at_ = end;
    if (rest().starts_with('[')) {
      declares_entities_ = true;  // it might, but real meta-data do not
      skip_behind("]");
    }
    skip_behind(">");
  }

  void tag() {
    const auto begin = at_++;
    while (at_ < text_.size() && text_[at_] != '>') {
      const char quote = text_[at_];
      if (quote != '"' && quote != '\'') {
        if (quote == '<') {
          find(begin, "\"<\" within a tag");
          return;
        }
        ++at_;
        continue;
      }
      const auto end = text_.find(quote, at_ + 1);
      if (end == std::string::npos) {
        at_ = text_.size();
        return;
      }
      attribute_value(end);
    }
    ++at_;
  }

  void attribute_value(std::size_t end) {
    for (++at_; at_ < end; ++at_) {
      if (text_[at_] == '<') {
        find(at_, "\"<\" in the value of an attribute");
      }
      reference();
    }
    ++at_;
    if (at_ < text_.size() && (std::isalpha(static_cast<unsigned char>(text_[at_])) != 0)) {
      find(at_, "missing space between two attributes");
    }
  }

  void character_data() {
    if (rest().starts_with("]]>")) {
      find(at_, "\"]]>\" outside of a CDATA section");
    }
    reference();
    ++at_;
  }

  // Checks the reference after an ampersand.
  void reference() {
    static constexpr std::array<std::string_view, 5> known = {"lt", "gt", "amp", "quot", "apos"};
    if (text_[at_] != '&') {
      return;
    }
    const auto end = rest().substr(0, 40).find(';');
    const auto name = end == npos ? std::string_view() : rest().substr(1, end - 1);
    const bool is_known = name.starts_with('#') ? is_number(name.substr(1))
                                                : std::ranges::find(known, name) != known.end();
    if (!is_known && !(declares_entities_ && !name.empty())) {
      find(at_, name.empty() ? "an ampersand without a reference"
                             : "undeclared entity &" + std::string(name) + ";");
    }
  }

  static bool is_number(std::string_view text) {
    const bool is_hexadecimal = text.starts_with('x');
    text.remove_prefix(is_hexadecimal ? 1 : 0);
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char digit) {
      return (is_hexadecimal ? std::isxdigit(digit) : std::isdigit(digit)) != 0;
    });
  }

  const std::string& text_;
  std::size_t at_ = 0;
  bool declares_entities_ = false;
  std::vector<Remark> remarks_;
};

}  // namespace

int line_at(const std::string& text, std::size_t offset) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

std::vector<Remark> find_malformed(const std::string& text) { return Scanner(text).scan(); }

}  // namespace contract
