#pragma once

#include "sim/yaml/tree.h"

#include <optional>
#include <string>
#include <string_view>

namespace yaml {

// Why a text is no YAML, in words that need no knowledge of a parser.

// A table or a list that has begun and not ended.
struct OpenPart {
  Tree::Kind kind = Tree::Kind::table;
  Place place;
  bool in_brackets = false;  // {} or []
};

// What yaml-cpp complains of, and where.
[[nodiscard]] Misread explain(const std::string& complaint, Place place, std::string_view text,
                              const std::optional<OpenPart>& innermost);

// A text that begins with a quote and does not end it.
[[nodiscard]] bool is_unclosed_quote(std::string_view text);

}  // namespace yaml
