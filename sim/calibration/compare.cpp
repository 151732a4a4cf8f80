#include "sim/calibration/compare.h"

#include "sim/calibration/pattern.h"
#include "sim/calibration/words.h"
#include "sim/calibration/writer.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace calibration {
namespace {

bool is_as(const Ending& recorded, const Ending& seen) {
  const auto* const pattern = std::get_if<Answered>(&recorded);
  const auto* const answer = std::get_if<Answered>(&seen);
  return pattern != nullptr && answer != nullptr ? matches(pattern->line, answer->line)
                                                 : recorded == seen;
}

bool is_as(const LeftFile& recorded, const LeftFile& seen) {
  return matches(recorded.path, seen.path) && recorded.is == seen.is &&
         recorded.access == seen.access && recorded.names == seen.names;
}

bool is_as(const Processes& recorded, const Processes& seen) { return recorded == seen; }
bool is_as(const Endpoint& recorded, const Endpoint& seen) { return recorded == seen; }

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) {
    text += (text.empty() ? "" : between) + word;
  }
  return text.empty() ? "nothing" : text;
}

std::string range_in_words(const TimeRange& range) {
  return seconds_word(range.least) + " to " + seconds_word(range.most) + " s";
}

// The same things in any order; what only one side has, is told.
template <typename Thing>
void compare_things(const std::string& field, const std::vector<Thing>& recorded,
                    std::vector<Thing> seen, std::vector<Difference>& differences) {
  std::vector<std::string> missing;
  for (const auto& thing : recorded) {
    const auto found =
        std::ranges::find_if(seen, [&](const Thing& other) { return is_as(thing, other); });
    if (found == seen.end()) {
      missing.push_back(in_yaml(thing));
    } else {
      seen.erase(found);
    }
  }
  std::vector<std::string> new_ones;
  for (const auto& thing : seen) {
    new_ones.push_back(in_yaml(thing));
  }
  if (!missing.empty() || !new_ones.empty()) {
    differences.push_back(
        {.field = field, .recorded = joined(missing, "; "), .seen = joined(new_ones, "; ")});
  }
}

void compare_lines(const std::string& field,
                   const std::optional<std::vector<std::string>>& recorded,
                   const std::vector<std::string>& seen, std::vector<Difference>& differences) {
  if (!recorded) {
    return;
  }
  if (recorded->empty()) {
    if (!seen.empty()) {
      differences.push_back({.field = field, .recorded = "nothing", .seen = joined(seen, "\n")});
    }
  } else if (const auto missing = first_without_line(*recorded, seen)) {
    differences.push_back(
        {.field = field, .recorded = (*recorded)[*missing], .seen = joined(seen, "\n")});
  }
}

}  // namespace

std::vector<Difference> compare(const Facts& recorded, const Observation& seen) {
  std::vector<Difference> differences;
  if (!is_as(recorded.ending, seen.ending)) {
    differences.push_back(
        {.field = "ending", .recorded = in_yaml(recorded.ending), .seen = in_yaml(seen.ending)});
  }
  compare_lines("out", recorded.out, seen.out, differences);
  compare_lines("err", recorded.err, seen.err, differences);
  const bool ended_by_player = std::holds_alternative<Hangs>(seen.ending);
  if (!ended_by_player && (seen.took < recorded.takes.least || seen.took > recorded.takes.most)) {
    differences.push_back({.field = "takes",
                           .recorded = range_in_words(recorded.takes),
                           .seen = seconds_word(seen.took) + " s"});
  }
  compare_things("leaves.processes", recorded.leaves.processes, seen.leaves.processes, differences);
  compare_things("leaves.files", recorded.leaves.files, seen.leaves.files, differences);
  compare_things("leaves.listens", recorded.leaves.listens, seen.leaves.listens, differences);
  return differences;
}

}  // namespace calibration
