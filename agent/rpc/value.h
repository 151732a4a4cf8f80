#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rpc {

struct Value;
struct Member;
using List = std::vector<Value>;
using Struct = std::vector<Member>;

// What Kamailio's RPC speaks of, whatever the encoding: JSON-RPC or binrpc.
struct Value {
  std::variant<std::int64_t, double, std::string, List, Struct> data;

  friend bool operator==(const Value& left, const Value& right) = default;
};

struct Member {
  std::string name;
  Value value;

  friend bool operator==(const Member& left, const Member& right) = default;
};

// The member of a struct; nullptr if `value` is no struct or has none of that name.
[[nodiscard]] const Value* find_member(const Value& value, std::string_view name);

// What the decoders read at most; no answer of Kamailio comes near.
inline constexpr int deepest_value = 16;

}  // namespace rpc
