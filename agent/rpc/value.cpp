#include "agent/rpc/value.h"

#include <algorithm>

namespace rpc {

const Value* find_member(const Value& value, std::string_view name) {
  const auto* const members = std::get_if<Struct>(&value.data);
  if (members == nullptr) {
    return nullptr;
  }
  const auto found = std::ranges::find(*members, name, &Member::name);
  return found == members->end() ? nullptr : &found->value;
}

std::string too_many_values() { return "more than " + std::to_string(most_values) + " values"; }

}  // namespace rpc
