#pragma once

#include "agent/host/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kamailio {

// Splits a text into words by the quoting rules of POSIX (Shell Command Language, 2.2): single
// quotes, double quotes, backslash. Nothing is expanded, and operators are plain characters. Error:
// an unterminated quote or a trailing backslash.
[[nodiscard]] host::Result<std::vector<std::string>> split_words(std::string_view text);

// One option on a command line of Kamailio, as getopt_long(3) finds it there: options bundled in
// one word (-ED) are several, and the value stands in the same word (-P/run/k.pid) or is the next
// one.
struct Option {
  std::string name;   // the letter of a short option, the name of a long one
  std::string value;  // empty if it takes none
  std::size_t word = 0;

  friend bool operator==(const Option&, const Option&) = default;
};

// Reads the options among the words, in order; the words do not include the program's name. Words
// that are not options are skipped, and "--" ends the options. The letters are those of Kamailio
// 5.x and 6.0.
[[nodiscard]] std::vector<Option> read_options(std::span<const std::string> words);

// The value of the last option of that name, which is the one that counts.
[[nodiscard]] std::optional<std::string> last_value(const std::vector<Option>& options,
                                                    std::string_view name);

// Whether these options make Kamailio print something and exit instead of serving: -c, -h, -I, -v,
// -V and their long forms.
[[nodiscard]] bool only_answers(const std::vector<Option>& options);

}  // namespace kamailio
