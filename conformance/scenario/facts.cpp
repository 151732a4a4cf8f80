#include "conformance/scenario/facts.h"

#include "conformance/scenario/facts_writer.h"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string_view>

namespace conformance {
namespace {

bool is_as(const Ending& expected, const Ending& seen) {
  const auto* const pattern = std::get_if<Answered>(&expected);
  const auto* const answer = std::get_if<Answered>(&seen);
  return pattern != nullptr && answer != nullptr ? matches(pattern->line, answer->line)
                                                 : expected == seen;
}

bool is_as(const LeftFile& expected, const LeftFile& seen) {
  auto same_path = seen;
  same_path.path = expected.path;
  return matches(expected.path, seen.path) && expected == same_path;
}

bool is_as(const LeftProcesses& expected, const LeftProcesses& seen) { return expected == seen; }
bool is_as(const host::Endpoint& expected, const host::Endpoint& seen) { return expected == seen; }

std::string in_one(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) {
    text += (text.empty() ? "" : between) + word;
  }
  return text.empty() ? "nothing" : text;
}

// Compares without order; reports what only one side has.
template <typename Thing>
void compare_things(const std::string& field, const std::vector<Thing>& expected,
                    std::vector<Thing> seen, std::vector<Difference>& differences) {
  std::vector<std::string> missing;
  for (const auto& thing : expected) {
    const auto found =
        std::ranges::find_if(seen, [&](const Thing& other) { return is_as(thing, other); });
    if (found == seen.end()) {
      missing.push_back(in_yaml(thing));
    } else {
      seen.erase(found);
    }
  }
  std::vector<std::string> further;
  for (const auto& thing : seen) {
    further.push_back(in_yaml(thing));
  }
  if (!missing.empty() || !further.empty()) {
    differences.push_back(
        {.field = field, .expected = in_one(missing, "; "), .seen = in_one(further, "; ")});
  }
}

void compare_lines(const std::string& field,
                   const std::optional<std::vector<std::string>>& expected,
                   const std::vector<std::string>& seen, std::vector<Difference>& differences) {
  if (!expected) {
    return;
  }
  const auto missing = first_without_line(*expected, seen);
  if (missing || (expected->empty() && !seen.empty())) {
    differences.push_back(
        {.field = field, .expected = missing.value_or("nothing"), .seen = in_one(seen, "\n")});
  }
}

// Splits a pattern into literal pieces, with any text between them.
std::vector<std::string> pieces_of(std::string_view pattern) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      pieces.emplace_back();
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) {
        ++i;
      }
      pieces.back() += pattern[i];
    }
  }
  return pieces;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
  const auto pieces = pieces_of(pattern);
  if (pieces.size() == 1) {
    return text == pieces.front();
  }
  if (!text.starts_with(pieces.front())) {
    return false;
  }
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const auto found = text.find(pieces[i]);
    if (found == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(found + pieces[i].size());
  }
  return text.ends_with(pieces.back());
}

std::optional<std::string> first_without_line(const std::vector<std::string>& patterns,
                                              const std::vector<std::string>& lines) {
  auto line = lines.begin();
  for (const auto& pattern : patterns) {
    line = std::find_if(line, lines.end(),
                        [&](const std::string& text) { return matches(pattern, text); });
    if (line == lines.end()) {
      return pattern;
    }
    ++line;
  }
  return std::nullopt;
}

std::vector<std::string> lines_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

std::vector<Difference> differences_of(const Facts& facts, const Observation& seen) {
  std::vector<Difference> differences;
  if (facts.ending != Ending() && !is_as(facts.ending, seen.ending)) {
    differences.push_back(
        {.field = "ending", .expected = in_yaml(facts.ending), .seen = in_yaml(seen.ending)});
  }
  compare_lines("out", facts.out, seen.out, differences);
  compare_lines("err", facts.err, seen.err, differences);
  const bool ends_by_itself = !std::holds_alternative<Hangs>(seen.ending);
  if (const auto& range = facts.takes;
      range && ends_by_itself && (seen.took < range->least || seen.took > range->most)) {
    differences.push_back(
        {.field = "takes", .expected = in_yaml(*range), .seen = in_yaml(seen.took)});
  }
  if (const auto& leaves = facts.leaves) {
    compare_things("leaves: processes", leaves->processes, seen.leaves.processes, differences);
    compare_things("leaves: files", leaves->files, seen.leaves.files, differences);
    compare_things("leaves: listens", leaves->listens, seen.leaves.listens, differences);
  }
  return differences;
}

}  // namespace conformance
