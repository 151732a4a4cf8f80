#include "sim/actors/kamailio_rpc.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

// Kamailio's module jsonrpcs.

namespace sim {
namespace {

using Json = nlohmann::ordered_json;

// Kamailio's way: a member of an object has a line of its own, the items of a list have none.
std::string written(const rpc::Value& value, std::size_t depth);

std::string written(const rpc::Struct& members, std::size_t depth) {
  std::string text = "{\n";
  for (const auto& member : members) {
    text += (text.size() > 2 ? ",\n" : "") + std::string(depth + 1, '\t') +
            Json(member.name).dump() + ":\t" + written(member.value, depth + 1);
  }
  return text + "\n" + std::string(depth, '\t') + "}";
}

std::string written(const rpc::List& list, std::size_t depth) {
  std::string text = "[";
  for (const auto& item : list) {
    text += (text.size() > 1 ? ", " : "") + written(item, depth + 1);
  }
  return text + "]";
}

std::string written(const rpc::Value& value, std::size_t depth) {
  if (const auto* const list = std::get_if<rpc::List>(&value.data)) {
    return written(*list, depth);
  }
  if (const auto* const members = std::get_if<rpc::Struct>(&value.data)) {
    return written(*members, depth);
  }
  if (const auto* const text = std::get_if<std::string>(&value.data)) {
    return Json(*text).dump();
  }
  if (const auto* const real = std::get_if<double>(&value.data)) {
    return Json(*real).dump();
  }
  return std::to_string(std::get<std::int64_t>(value.data));
}

// "500 Method Not Found" as an error object.
rpc::Value error_of(const std::string& text) {
  const auto blank = text.find(' ');
  return {rpc::Struct{{"code", {std::int64_t{std::stoi(text)}}},
                      {"message", {text.substr(blank + 1)}}}};
}

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::optional<JsonRpcReply> answer_json_rpc(const KamailioRpc& rpc, std::string_view request) {
  const auto json = Json::parse(request, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || text_in(json, "method").empty()) {
    return std::nullopt;
  }
  std::string parameter;
  if (const auto found = json.find("params");
      found != json.end() && found->is_array() && !found->empty() && found->front().is_string()) {
    parameter = found->front().get<std::string>();
  }
  const auto value = rpc.call(text_in(json, "method"), parameter);
  std::string text = "{\n\t\"jsonrpc\":\t\"2.0\",\n\t";
  text += value ? "\"result\":\t" + written(*value, 1)
                : "\"error\":\t" + written(error_of(value.error().text), 1);
  if (const auto id = json.find("id"); id != json.end()) {
    text += ",\n\t\"id\":\t" + id->dump();
  }
  return JsonRpcReply{.text = text + "\n}", .reply_name = text_in(json, "reply_name")};
}

}  // namespace sim
