#include "sim/actors/kamailio_rpc.h"

#include <nlohmann/json.hpp>

#include <utility>
#include <variant>

// Kamailio's module jsonrpcs.

namespace sim {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const rpc::Value& value) {
  if (const auto* const list = std::get_if<rpc::List>(&value.data)) {
    Json json = Json::array();
    for (const auto& item : *list) {
      json.push_back(json_of(item));
    }
    return json;
  }
  if (const auto* const members = std::get_if<rpc::Struct>(&value.data)) {
    Json json = Json::object();
    for (const auto& member : *members) {
      json[member.name] = json_of(member.value);
    }
    return json;
  }
  if (const auto* const text = std::get_if<std::string>(&value.data)) {
    return *text;
  }
  if (const auto* const real = std::get_if<double>(&value.data)) {
    return *real;
  }
  return std::get<std::int64_t>(value.data);
}

// "500 Method Not Found" as an error object.
Json error_of(const std::string& text) {
  const auto blank = text.find(' ');
  return {{"code", std::stoi(text)}, {"message", text.substr(blank + 1)}};
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
  Json reply = {{"jsonrpc", "2.0"}};
  if (value) {
    reply["result"] = json_of(*value);
  } else {
    reply["error"] = error_of(value.error().text);
  }
  if (const auto id = json.find("id"); id != json.end()) {
    reply["id"] = *id;
  }
  return JsonRpcReply{.text = reply.dump(1, '\t'), .reply_name = text_in(json, "reply_name")};
}

}  // namespace sim
