#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace sim {

// The filters that kamctl applies to Kamailio's reply.

// kamctl's filter_json: each item of a list gets a line.
[[nodiscard]] std::string filter_json(std::string_view reply);
// expand -t 2
[[nodiscard]] std::string expand(std::string_view text);
// grep, with an alternative in each of these words
[[nodiscard]] std::string grep(std::string_view text,
                               std::initializer_list<std::string_view> words);
// awk -F'"' '{ print $N }'
[[nodiscard]] std::string quoted_field(std::string_view text, int number);
// sed 's/[",]//g'
[[nodiscard]] std::string unquoted(std::string text);

}  // namespace sim
