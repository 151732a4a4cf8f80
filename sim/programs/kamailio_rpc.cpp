#include "sim/programs/kamailio_rpc.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sim {
namespace {

using Json = nlohmann::ordered_json;

rpc::Value memory(std::string_view unit, int free_percent) {
  constexpr std::int64_t kib = 1024;
  constexpr std::int64_t total = 64 * kib;  // KiB
  constexpr int all = 100;
  const std::int64_t free = (total * free_percent + all - 1) / all;
  const auto told = [&](std::int64_t size) -> rpc::Value {
    return {unit == "k" ? size : unit == "m" ? size / kib : size * kib};
  };
  return {rpc::Struct{{"total", told(total)},
                      {"free", told(free)},
                      {"used", told(total - free)},
                      {"real_used", told(total - free)},
                      {"max_used", told(total - free)},
                      {"fragments", {std::int64_t{1}}}}};
}

// The statistics of an idle server that are in a group or have this name.
rpc::Value statistics(std::string_view wanted, int free_percent) {
  constexpr std::int64_t total = 64LL * 1024 * 1024;
  constexpr std::int64_t all = 100;
  const std::int64_t free = total * free_percent / all;
  const std::vector<std::pair<std::string, std::int64_t>> known = {
      {"core:fwd_replies", 0},
      {"core:fwd_requests", 0},
      {"core:rcv_replies", 0},
      {"core:rcv_requests", 0},
      {"shmem:free_size", free},
      {"shmem:total_size", total},
      {"shmem:used_size", total - free},
      {"sl:sent_err_replies", 0},
      {"sl:sent_replies", 0},
      {"sl:xxx_replies", 0}};
  rpc::List list;
  for (const auto& [name, value] : known) {
    if (wanted == "all" || name.starts_with(wanted) || name.ends_with(":" + std::string(wanted))) {
      list.push_back({name + " = " + std::to_string(value)});
    }
  }
  return {std::move(list)};
}

rpc::Value process_table(const std::vector<KamailioProcess>& processes) {
  rpc::List list;
  for (const auto& [pid, description] : processes) {
    list.push_back({rpc::Struct{{"IDX", {static_cast<std::int64_t>(list.size())}},
                                {"PID", {std::int64_t{pid}}},
                                {"DSC", {description}}}});
  }
  return {std::move(list)};
}

}  // namespace

host::Result<rpc::Value> KamailioRpc::call(std::string_view method,
                                           std::string_view parameter) const {
  if (method == "core.uptime") {
    return rpc::Value{rpc::Struct{{"now", {time_text(now)}},
                                  {"up_since", {time_text(up_since)}},
                                  {"uptime", {static_cast<std::int64_t>(now - up_since)}}}};
  }
  if (method == "core.psx") {
    return process_table(processes);
  }
  if (method == "core.shmmem") {
    return memory(parameter, free_memory_percent);
  }
  if (method == "stats.get_statistics") {
    return statistics(parameter, free_memory_percent);
  }
  if (method == "core.version") {
    return rpc::Value{std::string("kamailio 5.6.3 (x86_64/linux) ")};
  }
  return tl::unexpected(host::Error{.text = "500 Method Not Found"});
}

std::string time_text(std::time_t moment) {
  std::tm broken_down = {};
  std::array<char, 64> text = {};
  ::gmtime_r(&moment, &broken_down);
  return {text.data(),
          std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S %Y", &broken_down)};
}

namespace {

// Kamailio's module jsonrpcs.

// Kamailio's format: each member of an object is on a line of its own, and items of a list are not.
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

// The error object for "500 Method Not Found".
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

namespace {

// Kamailio's module ctl. agent/rpc/binrpc.h describes the format.

constexpr unsigned magic_and_version = 0xA1;
constexpr unsigned reply = 1;
constexpr unsigned fault = 3;

enum class RecordType : unsigned {
  integer = 0,
  string = 1,
  real = 2,
  structure = 3,
  list = 4,
  name = 5
};

std::string shortest(std::uint64_t number) {
  std::string bytes;
  for (; number != 0; number >>= 8U) {
    bytes.insert(bytes.begin(), static_cast<char>(number & 0xFFU));
  }
  return bytes;
}

// The size is in the header if it fits there, otherwise after it.
std::string head(RecordType type, std::size_t size) {
  constexpr std::size_t fits = 7;
  const auto kind = static_cast<unsigned>(type);
  if (size <= fits) {
    return {static_cast<char>(size << 4U | kind)};
  }
  const std::string bytes = shortest(size);
  return static_cast<char>(0x80U | bytes.size() << 4U | kind) + bytes;
}

std::string text_record(RecordType type, const std::string& text) {
  return head(type, text.size() + 1) + text + '\0';
}

std::string record_of(const rpc::Value& value);

std::string record_of(std::int64_t number) {
  const std::string bytes = shortest(static_cast<std::uint64_t>(number));
  return head(RecordType::integer, bytes.size()) + bytes;
}
std::string record_of(double number) {
  constexpr double thousand = 1000;
  const std::string bytes = shortest(static_cast<std::uint64_t>(number * thousand));
  return head(RecordType::real, bytes.size()) + bytes;
}
std::string record_of(const std::string& text) { return text_record(RecordType::string, text); }

constexpr unsigned begin_mark = 0;
constexpr unsigned end_mark = 0x80;

std::string mark(RecordType type, unsigned which) {
  return {static_cast<char>(which | static_cast<unsigned>(type))};
}

std::string record_of(const rpc::List& list) {
  std::string bytes = mark(RecordType::list, begin_mark);
  for (const auto& item : list) {
    bytes += record_of(item);
  }
  return bytes + mark(RecordType::list, end_mark);
}
std::string record_of(const rpc::Struct& members) {
  std::string bytes = mark(RecordType::structure, begin_mark);
  for (const auto& [name, value] : members) {
    bytes += text_record(RecordType::name, name) + record_of(value);
  }
  return bytes + mark(RecordType::structure, end_mark);
}

std::string record_of(const rpc::Value& value) {
  return std::visit([](const auto& data) { return record_of(data); }, value.data);
}

std::string packet(unsigned type, const std::string& cookie, const std::string& body) {
  const std::string length = body.empty() ? std::string(1, '\0') : shortest(body.size());
  std::string bytes = {static_cast<char>(magic_and_version)};
  bytes += static_cast<char>(type << 4U | (length.size() - 1) << 2U | (cookie.size() - 1));
  return bytes + length + cookie + body;
}

// Several values follow each other.
std::string body_of(const rpc::Value& value) {
  const auto* const list = std::get_if<rpc::List>(&value.data);
  if (list == nullptr) {
    return record_of(value);
  }
  std::string body;
  for (const auto& item : *list) {
    body += record_of(item);
  }
  return body;
}

std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return number;
}

// The strings of a request: the method and its parameter.
std::vector<std::string> strings_in(std::string_view body) {
  std::vector<std::string> strings;
  while (!body.empty()) {
    const auto first = static_cast<unsigned char>(body[0]);
    body.remove_prefix(1);
    std::size_t size = first >> 4U & 7U;
    if ((first & 0x80U) != 0) {
      const auto bytes = body.substr(0, size);
      body.remove_prefix(bytes.size());
      size = number_in(bytes);
    }
    const auto value = body.substr(0, size);
    body.remove_prefix(value.size());
    strings.emplace_back(value.substr(0, value.find('\0')));
  }
  return strings;
}

}  // namespace

std::optional<std::string> answer_binrpc(const KamailioRpc& rpc, std::string& bytes) {
  constexpr std::size_t fixed = 2;
  if (bytes.size() < fixed) {
    return std::nullopt;
  }
  const auto sizes = static_cast<unsigned char>(bytes[1]);
  const std::size_t length_size = (sizes >> 2U & 3U) + 1;
  const std::size_t cookie_size = (sizes & 3U) + 1;
  const std::size_t begin = fixed + length_size + cookie_size;
  if (bytes.size() < begin) {
    return std::nullopt;
  }
  const std::size_t length = number_in(std::string_view(bytes).substr(fixed, length_size));
  if (bytes.size() < begin + length) {
    return std::nullopt;
  }
  const std::string cookie = bytes.substr(fixed + length_size, cookie_size);
  const auto words = strings_in(std::string_view(bytes).substr(begin, length));
  bytes.erase(0, begin + length);
  const auto value =
      words.empty()
          ? host::Result<rpc::Value>(tl::unexpected(host::Error{.text = "400 Bad Request"}))
          : rpc.call(words[0], words.size() > 1 ? words[1] : "");
  if (value) {
    return packet(reply, cookie, body_of(*value));
  }
  const auto& text = value.error().text;
  return packet(
      fault, cookie,
      record_of(std::int64_t{std::stoi(text)}) + record_of(text.substr(text.find(' ') + 1)));
}

}  // namespace sim
