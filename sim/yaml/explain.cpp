#include "sim/yaml/explain.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace yaml {
namespace {

namespace Complaint = YAML::ErrorMsg;

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

// The place of a tab before the first word of the line.
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
  std::string why = std::string("this ") + bracket_of(part) + " is not closed";
  const auto rest = text_from(text, place);
  const bool is_at_end = rest.find_first_not_of(" \t\r\n") == std::string_view::npos;
  // At the end of a file without a last line end, yaml-cpp names the beginning of the file.
  if (!is_at_end && is_before(part.place, place)) {
    why += ", or a \",\" is missing before " + text_of(place);
  }
  return {part.place, why};
}

std::string strange_bracket(const std::optional<OpenPart>& innermost, Place place,
                            std::string_view text) {
  const std::string bracket = character_at(text, place);
  if (!innermost || !innermost->in_brackets) {
    return bracket + " closes nothing";
  }
  return bracket + " stands here, but the " + bracket_of(*innermost) + " of " +
         text_of(innermost->place) + " is open";
}

std::string strange_line(const OpenPart& part) {
  const bool is_table = part.kind == Tree::Kind::table;
  return std::string("this does not go on with the ") + (is_table ? "table" : "list") +
         " that begins at " + text_of(part.place) + ", as " +
         (is_table ? "KEY: VALUE" : "\"- ITEM\"") +
         " in the same column would; look at indentation and quotes";
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
    return {place,
            "a \":\" that does not belong here; look at the indentation, or put the text "
            "into quotes"};
  }
  if (complaint == Complaint::BLOCK_ENTRY) {
    return {place, "a \"-\" that does not belong here; a list begins on a line of its own"};
  }
  if (complaint == Complaint::UNKNOWN_TOKEN) {
    return {place, character_at(text, place) + " begins no text; put it into quotes"};
  }
  // The only thing that yaml-cpp calls so while it reads.
  return {place,
          complaint == Complaint::BAD_FILE ? "too many tables and lists in each other" : complaint};
}

}  // namespace

Misread explain(const std::string& complaint, Place place, std::string_view text,
                const std::optional<OpenPart>& innermost) {
  // Between brackets a line may begin with a tab.
  if (!innermost || !innermost->in_brackets) {
    if (const auto tab = tab_in_indentation(text, place.line)) {
      return {*tab, "a tab; YAML indents with spaces"};
    }
  }
  auto misread = explain_yaml(complaint, place, text, innermost);
  misread.text.insert(0, "no YAML: ");
  return misread;
}

bool is_unclosed_quote(std::string_view text) {
  const char quote = text.front();
  if (quote != '\'' && quote != '"') {
    return false;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote) {
      // '' within '' is one quote, and no end.
      if (quote == '"' || !text.substr(i + 1).starts_with(quote)) {
        return false;
      }
      ++i;
    }
  }
  return true;
}

}  // namespace yaml
