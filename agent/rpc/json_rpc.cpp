#include "agent/rpc/json_rpc.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace rpc {
namespace {

using nlohmann::json;

tl::unexpected<host::Error> no_reply(std::string text) {
  return tl::unexpected(host::Error{.text = "not a JSON-RPC reply: " + std::move(text)});
}

// Reads one document. Returns nothing if it is nested too deeply, or has too many values.
class Reading {
 public:
  [[nodiscard]] bool has_too_many_values() const { return count_.is_exceeded(); }

  std::optional<Value> value_of(const json& document, int depth) {
    if (depth > deepest_value || !count_.add_one()) {
      return std::nullopt;
    }
    switch (document.type()) {
      case json::value_t::object:
        return structure(document, depth);
      case json::value_t::array:
        return list(document, depth);
      case json::value_t::string:
        return Value{.data = document.get<std::string>()};
      case json::value_t::boolean:
        return Value{.data = std::int64_t{document.get<bool>()}};
      case json::value_t::number_integer:
        return Value{.data = document.get<std::int64_t>()};
      case json::value_t::number_unsigned: {
        constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
        return Value{
            .data = static_cast<std::int64_t>(std::min(document.get<std::uint64_t>(), largest))};
      }
      case json::value_t::number_float:
        return Value{.data = document.get<double>()};
      case json::value_t::null:
      case json::value_t::binary:
      case json::value_t::discarded:
        break;
    }
    return Value{.data = std::string()};
  }

 private:
  std::optional<Value> structure(const json& document, int depth) {
    Struct members;
    for (const auto& [name, member] : document.items()) {
      auto value = value_of(member, depth + 1);
      if (!value) {
        return std::nullopt;
      }
      members.push_back({.name = name, .value = *std::move(value)});
    }
    return Value{.data = std::move(members)};
  }

  std::optional<Value> list(const json& document, int depth) {
    List list;
    for (const auto& element : document) {
      auto value = value_of(element, depth + 1);
      if (!value) {
        return std::nullopt;
      }
      list.push_back(*std::move(value));
    }
    return Value{.data = std::move(list)};
  }

  ValueCount count_;
};

// {"code": 500, "message": "..."}
host::Error error_of(const json& error) {
  if (!error.is_object()) {
    return {.text = "an error without a message"};
  }
  const auto message = error.find("message");
  const auto code = error.find("code");
  std::string text;
  if (code != error.end() && code->is_number_integer()) {
    text = std::to_string(code->get<std::int64_t>()) + " ";
  }
  return {.text = text + (message != error.end() && message->is_string()
                              ? message->get<std::string>()
                              : std::string("without a message"))};
}

}  // namespace

std::string json_request(const Call& call, CallId id) {
  json request = {{"jsonrpc", "2.0"}, {"method", call.method}, {"id", id}};
  if (!call.parameter.empty()) {
    request["params"] = json::array({call.parameter});
  }
  return request.dump();
}

host::Result<Reply> read_json_reply(std::string_view document) {
  if (document.size() > longest_answer) {
    return no_reply("longer than " + std::to_string(longest_answer) + " bytes");
  }
  const auto parsed = json::parse(document, nullptr, false);
  if (!parsed.is_object()) {
    return no_reply("not a JSON object");
  }
  const auto id = parsed.find("id");
  if (id == parsed.end() || !id->is_number_unsigned() ||
      id->get<std::uint64_t>() > std::numeric_limits<CallId>::max()) {
    return no_reply("without the id of a call");
  }
  Reply reply{.call = id->get<CallId>()};
  if (const auto error = parsed.find("error"); error != parsed.end()) {
    reply.value = tl::unexpected(error_of(*error));
    return reply;
  }
  const auto result = parsed.find("result");
  if (result == parsed.end()) {
    return no_reply("neither a result nor an error");
  }
  Reading reading;
  auto value = reading.value_of(*result, 0);
  if (!value) {
    return no_reply(reading.has_too_many_values() ? too_many_values() : "nested too deeply");
  }
  reply.value = *std::move(value);
  return reply;
}

}  // namespace rpc
