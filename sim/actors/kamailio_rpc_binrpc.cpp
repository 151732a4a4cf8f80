#include "sim/actors/kamailio_rpc.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

// Kamailio's module ctl. The format is told in agent/rpc/binrpc.h.

namespace sim {
namespace {

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

// The size stands in the head if it fits there, otherwise behind it.
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

// Several values stand one behind the other.
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
