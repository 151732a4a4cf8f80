#include "sim/yaml/values.h"

#include "agent/base/number.h"

namespace yaml {

std::string read_text(Table& table, std::string_view key) {
  const auto* const entry = table.find(key);
  return entry == nullptr ? "" : word_in(entry->value, key);
}

int read_number(const Tree& tree, std::string_view what, int least, int most) {
  const auto number = base::number_in<int>(word_in(tree, what));
  if (!number || *number < least || *number > most) {
    reject(tree, what,
           "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return *number;
}

bool read_yes_or_no(const Tree& tree, std::string_view what) {
  return read_one_of<bool>(tree, what,
                           {{"yes", true}, {"no", false}, {"true", true}, {"false", false}});
}

}  // namespace yaml
