#include "agent/rpc/binrpc.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

namespace rpc {
namespace {

constexpr unsigned magic_and_version = 0xA1;
constexpr std::size_t fixed_header_size = 2;

enum class PacketType : unsigned { request = 0, reply = 1, fault = 3 };

enum class RecordType : unsigned {
  integer = 0,
  string = 1,  // ends with a zero byte, which counts
  real = 2,    // an integer of thousandths
  structure = 3,
  list = 4,
  name = 5,  // of the member that follows; otherwise as a string
  bytes = 6,
};

struct RecordHead {
  RecordType type{};
  bool is_end = false;  // of a structure or list
  std::size_t size = 0;
};

unsigned byte_of(char byte) { return static_cast<unsigned char>(byte); }

// Big-endian, without leading zero bytes.
std::string shortest(std::uint64_t number) {
  std::string bytes;
  for (; number != 0; number >>= 8U) {
    bytes.insert(bytes.begin(), static_cast<char>(number & 0xFFU));
  }
  return bytes;
}

// Encodes a string in the long form, which fits any length.
std::string string_record(std::string_view text) {
  const std::string size = shortest(text.size() + 1);
  std::string record(
      1, static_cast<char>(0x80U | size.size() << 4U | static_cast<unsigned>(RecordType::string)));
  record += size;
  record += text;
  record += '\0';
  return record;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) {
    number = number << 8U | byte_of(byte);
  }
  return number;
}

// Reads the records of a complete body. Every function returns nothing if the body violates the
// format.
class Body {
 public:
  explicit Body(std::string_view rest) : rest_(rest) {}

  [[nodiscard]] bool has_too_many_values() const { return count_.is_exceeded(); }

  std::optional<List> values() {
    List values;
    while (!rest_.empty()) {
      // If several values follow, their list counts as one level.
      auto value = this->value(1);
      if (!value) {
        return std::nullopt;
      }
      values.push_back(*std::move(value));
    }
    return values;
  }

 private:
  std::optional<std::string_view> take(std::size_t size) {
    if (size > rest_.size()) {
      return std::nullopt;
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  // 1 bit: whether a longer size follows; 3 bits: the size, or that of the longer one; 4 bits: the
  // type.
  std::optional<RecordHead> head() {
    const auto first = take(1);
    if (!first) {
      return std::nullopt;
    }
    const unsigned bits = byte_of(first->front());
    const bool has_longer_size = (bits & 0x80U) != 0;
    RecordHead head{.type = RecordType(bits & 0x0FU), .size = (bits >> 4U) & 0x07U};
    if (head.type == RecordType::structure || head.type == RecordType::list) {
      head.is_end = has_longer_size;
      return head.size == 0 ? std::optional(head) : std::nullopt;
    }
    if (has_longer_size) {
      const auto size = take(head.size);
      if (!size || size->empty()) {
        return std::nullopt;
      }
      head.size = big_endian(*size);
    }
    return head;
  }

  std::optional<std::string> text(std::size_t size) {
    const auto bytes = take(size);
    if (!bytes || bytes->empty() || bytes->back() != '\0') {
      return std::nullopt;
    }
    return std::string(bytes->substr(0, bytes->size() - 1));
  }

  std::optional<std::uint64_t> integer(std::size_t size) {
    const auto bytes = size <= sizeof(std::uint64_t) ? take(size) : std::nullopt;
    return bytes ? std::optional(big_endian(*bytes)) : std::nullopt;
  }

  std::optional<Value> value(int depth) {
    const auto found = head();
    return found && !found->is_end ? value_of(*found, depth) : std::nullopt;
  }

  std::optional<Value> value_of(const RecordHead& head, int depth) {
    constexpr double thousandths = 1000;
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    if (depth > deepest_value || !count_.add_one()) {
      return std::nullopt;
    }
    switch (head.type) {
      case RecordType::integer:
        if (const auto number = integer(head.size)) {
          return Value{.data = static_cast<std::int64_t>(std::min(*number, largest))};
        }
        return std::nullopt;
      case RecordType::real:
        if (const auto number = integer(head.size)) {
          return Value{.data =
                           static_cast<double>(static_cast<std::int64_t>(*number)) / thousandths};
        }
        return std::nullopt;
      case RecordType::string:
        if (auto string = text(head.size)) {
          return Value{.data = *std::move(string)};
        }
        return std::nullopt;
      case RecordType::bytes:
        if (const auto bytes = take(head.size)) {
          return Value{.data = std::string(*bytes)};
        }
        return std::nullopt;
      case RecordType::structure:
        return structure(depth);
      case RecordType::list:
        return list(depth);
      case RecordType::name:
        break;
    }
    return std::nullopt;
  }

  std::optional<Value> structure(int depth) {
    Struct members;
    for (;;) {
      const auto next = head();
      if (!next) {
        return std::nullopt;
      }
      if (next->type == RecordType::structure && next->is_end) {
        return Value{.data = std::move(members)};
      }
      auto name = next->type == RecordType::name ? text(next->size) : std::nullopt;
      auto member = name ? value(depth + 1) : std::nullopt;
      if (!member) {
        return std::nullopt;
      }
      members.push_back({.name = *std::move(name), .value = *std::move(member)});
    }
  }

  std::optional<Value> list(int depth) {
    List elements;
    for (;;) {
      const auto next = head();
      if (!next) {
        return std::nullopt;
      }
      if (next->type == RecordType::list && next->is_end) {
        return Value{.data = std::move(elements)};
      }
      auto element = next->is_end ? std::nullopt : value_of(*next, depth + 1);
      if (!element) {
        return std::nullopt;
      }
      elements.push_back(*std::move(element));
    }
  }

  std::string_view rest_;
  ValueCount count_;
};

// A fault: an integer and a message.
host::Error fault_of(const List& values) {
  std::string text;
  for (const auto& value : values) {
    if (const auto* const code = std::get_if<std::int64_t>(&value.data)) {
      text += std::to_string(*code) + " ";
    } else if (const auto* const words = std::get_if<std::string>(&value.data)) {
      text += *words;
    }
  }
  return {.text = text.empty() ? "an error without a message" : text};
}

tl::unexpected<host::Error> no_binrpc(std::string_view text) {
  return tl::unexpected(host::Error{.text = "not a binrpc reply: " + std::string(text)});
}

struct Packet {
  PacketType type{};
  CallId call = 0;
  std::string_view body;
  std::size_t size = 0;
};

// Nothing if the packet is not complete yet.
host::Result<std::optional<Packet>> first_packet(std::string_view all) {
  if (!all.empty() && byte_of(all.front()) != magic_and_version) {
    return no_binrpc("it does not begin with 0xA1");
  }
  if (all.size() < fixed_header_size) {
    return std::nullopt;
  }
  const unsigned bits = byte_of(all[1]);
  const std::size_t length_size = ((bits >> 2U) & 0x03U) + 1;
  const std::size_t cookie_size = (bits & 0x03U) + 1;
  const std::size_t header_size = fixed_header_size + length_size + cookie_size;
  if (all.size() < header_size) {
    return std::nullopt;
  }
  const auto length = big_endian(all.substr(fixed_header_size, length_size));
  if (length > longest_answer) {
    return no_binrpc("longer than " + std::to_string(longest_answer) + " bytes");
  }
  if (all.size() < header_size + length) {
    return std::nullopt;
  }
  return Packet{.type = PacketType(bits >> 4U),
                .call = static_cast<CallId>(
                    big_endian(all.substr(fixed_header_size + length_size, cookie_size))),
                .body = all.substr(header_size, length),
                .size = header_size + length};
}

host::Result<Reply> reply_of(PacketType type, CallId call, std::string_view text) {
  Body body(text);
  auto values = body.values();
  if (!values) {
    return no_binrpc(body.has_too_many_values() ? too_many_values() : "a record breaks the format");
  }
  switch (type) {
    case PacketType::reply:
      return Reply{.call = call,
                   .value = values->size() == 1 ? std::move(values->front())
                                                : Value{.data = *std::move(values)}};
    case PacketType::fault:
      return Reply{.call = call, .value = tl::unexpected(fault_of(*values))};
    default:
      return no_binrpc("it is neither a reply nor a fault");
  }
}

}  // namespace

std::string binrpc_request(const Call& call, CallId id) {
  std::string body = string_record(call.method);
  if (!call.parameter.empty()) {
    body += string_record(call.parameter);
  }
  const std::string length = shortest(body.size());
  const std::string cookie = id == 0 ? std::string(1, '\0') : shortest(id);
  std::string packet(1, static_cast<char>(magic_and_version));
  packet += static_cast<char>(static_cast<unsigned>(PacketType::request) << 4U |
                              (length.size() - 1) << 2U | (cookie.size() - 1));
  return packet + length + cookie + body;
}

void BinrpcStream::append(std::string_view bytes) {
  // The buffer is trimmed only here, so that a piece with many small replies costs no more than one
  // large reply.
  bytes_.erase(0, begin_);
  begin_ = 0;
  bytes_ += bytes;
}

host::Result<std::optional<Reply>> BinrpcStream::next(std::optional<CallId> only) {
  for (;;) {
    const auto all = std::string_view(bytes_).substr(begin_);
    const auto packet = first_packet(all);
    if (!packet) {
      return tl::unexpected(packet.error());
    }
    if (!*packet) {
      return std::nullopt;
    }
    const auto& [type, call, body, size] = **packet;
    if (!only || call == *only) {
      auto reply = reply_of(type, call, body);
      if (!reply) {
        return tl::unexpected(reply.error());
      }
      begin_ += size;
      return *std::move(reply);
    }
    begin_ += size;
  }
}

}  // namespace rpc
