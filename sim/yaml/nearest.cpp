#include "sim/yaml/nearest.h"

#include <algorithm>
#include <cstddef>

namespace yaml {
namespace {

// How many letters have to be changed, added, left out or swapped with their neighbour.
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::vector<std::size_t>> table(one.size() + 1,
                                              std::vector<std::size_t>(other.size() + 1));
  for (std::size_t i = 0; i <= one.size(); ++i) {
    for (std::size_t j = 0; j <= other.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const std::size_t change = one[i - 1] == other[j - 1] ? 0 : 1;
      table[i][j] =
          std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[one.size()][other.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words) {
  constexpr std::size_t letters_per_slip = 3;
  std::size_t least = std::max<std::size_t>(1, word.size() / letters_per_slip) + 1;
  std::optional<std::string> found;
  for (const auto& one : words) {
    const auto slips = distance(word, one);
    if (slips < least && slips < word.size()) {
      least = slips;
      found = one;
    }
  }
  return found;
}

}  // namespace yaml
