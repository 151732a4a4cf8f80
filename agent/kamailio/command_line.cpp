#include "agent/kamailio/command_line.h"

#include <algorithm>
#include <array>
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
          return tl::unexpected(
              host::Error{.text = std::string("unterminated quote (") + next + ")"});
        }
      } else if (next == '\\') {
        if (rest_.empty()) {
          return tl::unexpected(host::Error{.text = "trailing backslash"});
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

namespace {

constexpr std::string_view letters_with_value = "aAbfgGlLmMnNOPQtuwWxXY";
constexpr std::array<std::string_view, 10> names_with_value = {
    "alias",    "atexit",    "debug", "loadmodule", "log-engine",
    "modparam", "server-id", "subst", "substdef",   "substdefs"};

bool takes_value(std::string_view long_name) {
  return std::ranges::find(names_with_value, long_name) != names_with_value.end();
}

// Walks over the words; each member function consumes what its name says.
class Reader {
 public:
  explicit Reader(std::span<const std::string> words) : words_(words) {}

  std::vector<Option> read() {
    for (; at_ < words_.size() && words_[at_] != "--"; ++at_) {
      const std::string_view word = words_[at_];
      if (word.starts_with("--")) {
        read_long(word.substr(2));
      } else if (word.size() > 1 && word.front() == '-') {
        read_bundle(word.substr(1));
      }
    }
    return std::move(options_);
  }

 private:
  void read_long(std::string_view text) {
    const auto equals = text.find('=');
    Option option{.name = std::string(text.substr(0, equals)), .word = at_};
    if (equals != std::string_view::npos) {
      option.value = text.substr(equals + 1);
    } else if (takes_value(text)) {
      option.value = next_word();
    }
    options_.push_back(std::move(option));
  }

  void read_bundle(std::string_view letters) {
    while (!letters.empty()) {
      Option option{.name = std::string(1, letters.front()), .word = at_};
      letters.remove_prefix(1);
      if (letters_with_value.find(option.name) != std::string_view::npos) {
        option.value = letters.empty() ? next_word() : std::string(letters);
        letters = {};
      }
      options_.push_back(std::move(option));
    }
  }

  std::string next_word() { return at_ + 1 < words_.size() ? words_[++at_] : std::string(); }

  std::span<const std::string> words_;
  std::size_t at_ = 0;
  std::vector<Option> options_;
};

}  // namespace

std::vector<Option> read_options(std::span<const std::string> words) {
  return Reader(words).read();
}

std::optional<std::string> last_value(const std::vector<Option>& options, std::string_view name) {
  const auto found = std::find_if(options.rbegin(), options.rend(),
                                  [&](const Option& option) { return option.name == name; });
  return found == options.rend() ? std::nullopt : std::optional(found->value);
}

bool only_answers(const std::vector<Option>& options) {
  constexpr std::array<std::string_view, 8> names = {"c", "h",    "I",       "v",
                                                     "V", "help", "version", "cfg-print"};
  return std::ranges::any_of(options, [&](const Option& option) {
    return std::ranges::find(names, option.name) != names.end();
  });
}

}  // namespace kamailio
