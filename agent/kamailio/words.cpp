#include "agent/kamailio/words.h"

#include <cstddef>
#include <optional>
#include <utility>

namespace kamailio {
namespace {

constexpr std::string_view blanks = " \t\n";
constexpr std::string_view escapable_in_double_quotes = "$`\"\\\n";

// Walks over the text; each member function consumes what its name says.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : rest_(text) {}

  host::Result<std::vector<std::string>> split() {
    while (!rest_.empty()) {
      const char next = take();
      if (blanks.find(next) != std::string_view::npos) {
        end_word();
      } else if (next == '\'' || next == '"') {
        if (!quoted(next)) {
          return tl::unexpected(host::Error{.text = std::string("a quote (") + next +
                                                    ") is opened and never closed"});
        }
      } else if (next == '\\') {
        if (rest_.empty()) {
          return tl::unexpected(host::Error{.text = "a backslash stands at the end"});
        }
        escaped();
      } else {
        add(next);
      }
    }
    end_word();
    return std::move(words_);
  }

 private:
  char take() {
    const char next = rest_.front();
    rest_.remove_prefix(1);
    return next;
  }

  void add(char character) {
    if (!word_) {
      word_.emplace();
    }
    *word_ += character;
  }

  void end_word() {
    if (word_) {
      words_.push_back(*std::move(word_));
      word_.reset();
    }
  }

  void escaped() {
    if (const char next = take(); next != '\n') {  // a line continuation vanishes
      add(next);
    }
  }

  bool quoted(char quote) {
    if (!word_) {
      word_.emplace();  // '' is an empty word
    }
    while (!rest_.empty()) {
      const char next = take();
      if (next == quote) {
        return true;
      }
      if (quote == '"' && next == '\\' && !rest_.empty() &&
          escapable_in_double_quotes.find(rest_.front()) != std::string_view::npos) {
        escaped();
      } else {
        add(next);
      }
    }
    return false;
  }

  std::string_view rest_;
  std::optional<std::string> word_;
  std::vector<std::string> words_;
};

}  // namespace

host::Result<std::vector<std::string>> split_words(std::string_view text) {
  return Splitter(text).split();
}

}  // namespace kamailio
