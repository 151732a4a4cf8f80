#pragma once

#include "agent/host/result.h"

#include <cstddef>
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

// A value of Kamailio's RPC, whatever the encoding: JSON-RPC or binrpc.
struct Value {
  std::variant<std::int64_t, double, std::string, List, Struct> data;

  friend bool operator==(const Value& left, const Value& right) = default;
};

struct Member {
  std::string name;
  Value value;

  friend bool operator==(const Member& left, const Member& right) = default;
};

// The member of a struct; nullptr if `value` is not a struct or has no member of that name.
[[nodiscard]] const Value* find_member(const Value& value, std::string_view name);

// Limits of the decoders; Kamailio's replies are far below them. A larger reply is rejected as a
// whole, so that no sender can keep the agent busy.
inline constexpr int deepest_value = 16;
inline constexpr std::size_t longest_answer = 1U << 20U;  // bytes
inline constexpr std::size_t most_values = 1U << 16U;     // nested values count, too

// Counts the values of one answer as they are read.
class ValueCount {
 public:
  // False for one more than `most_values`.
  [[nodiscard]] bool add_one() { return count_++ < most_values; }
  [[nodiscard]] bool is_exceeded() const { return count_ > most_values; }

 private:
  std::size_t count_ = 0;
};

// "more than 65536 values"
[[nodiscard]] std::string too_many_values();

// Identifies one call of a client, to match its reply: the id of JSON-RPC, the cookie of binrpc.
// Below 2^31, which Kamailio's JSON writer preserves.
using CallId = std::uint32_t;

// A method to call.
struct Call {
  std::string method;
  std::string parameter = {};  // empty: none

  friend bool operator==(const Call&, const Call&) = default;
};

struct Reply {
  CallId call = 0;
  host::Result<Value> value;  // or the server's error: "500 Method Not Found"
};

}  // namespace rpc
