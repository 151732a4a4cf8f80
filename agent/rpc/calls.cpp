#include "agent/rpc/calls.h"

#include "agent/host/process_table.h"
#include "agent/rpc/json_rpc.h"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rpc {
namespace {

// A datagram for which the server had no room is lost. Sending a request twice does no harm.
constexpr std::chrono::milliseconds until_asked_again(100);

constexpr std::uint64_t highest_first_call = 0x3FFFFFFF;

bool is_datagram(const host::Endpoint& server) {
  return server.kind == host::Endpoint::Kind::unix_datagram;
}

}  // namespace

// The first id is random, so that a late reply to an earlier client is not mistaken for one of
// these.
Calls::Calls(host::Endpoint server, std::vector<Call> calls, host::Random& random)
    : server_(std::move(server)),
      calls_(std::move(calls)),
      first_call_(static_cast<CallId>(random.next() & highest_first_call)) {}

void Calls::begin(const exchange::Line& line, host::TimePoint now) { ask(line, now); }

void Calls::wake(const exchange::Line& line, host::TimePoint now) { ask(line, now); }

void Calls::receive(const exchange::Line& line, std::string_view bytes, host::TimePoint now) {
  if (is_datagram(server_)) {
    auto reply = read_json_reply(bytes);
    if (reply) {
      take(line, *std::move(reply), now);
    } else {
      malformed_ = reply.error().text;
    }
    return;
  }
  stream_.append(bytes);
  while (!is_over()) {
    auto reply = stream_.next(current_call());
    if (!reply) {
      fail(reply.error());
      return;
    }
    if (!*reply) {
      return;
    }
    take(line, **std::move(reply), now);
  }
}

void Calls::fail(const host::Error& error) {
  failure_ = {.kind = error.kind,
              .text = error.text + (malformed_.empty() ? "" : " (but " + malformed_ + ")")};
}

void Calls::take(const exchange::Line& line, Reply reply, host::TimePoint now) {
  if (reply.call != current_call()) {
    return;  // a second reply to a request that was sent twice
  }
  answers_.push_back(std::move(reply.value));
  if (!is_over()) {
    ask(line, now);
  }
}

void Calls::ask(const exchange::Line& line, host::TimePoint now) {
  const auto& call = calls_[answers_.size()];
  if (is_datagram(server_)) {
    line.send(json_request(call, current_call()));
    ask_again_at_ = now + until_asked_again;
  } else {
    line.send(binrpc_request(call, current_call()));
  }
}

CallId Calls::current_call() const { return first_call_ + static_cast<CallId>(answers_.size()); }

namespace {

// Reads an integer, or a real number, which binrpc uses for large ones; from 0 to 2^53.
std::optional<std::int64_t> integer_in(const Value& value, std::string_view name) {
  constexpr double largest = 9007199254740992;
  const auto* const member = find_member(value, name);
  if (member == nullptr) {
    return std::nullopt;
  }
  if (const auto* const integer = std::get_if<std::int64_t>(&member->data)) {
    return *integer >= 0 && *integer <= static_cast<std::int64_t>(largest) ? std::optional(*integer)
                                                                           : std::nullopt;
  }
  if (const auto* const real = std::get_if<double>(&member->data)) {
    return *real >= 0 && *real <= largest ? std::optional(static_cast<std::int64_t>(*real))
                                          : std::nullopt;
  }
  return std::nullopt;
}

std::string text_in(const Value& value, std::string_view name) {
  const auto* const member = find_member(value, name);
  const auto* const text = member == nullptr ? nullptr : std::get_if<std::string>(&member->data);
  return text == nullptr ? std::string() : *text;
}

tl::unexpected<host::Error> lacks(std::string_view method, std::string_view what) {
  return tl::unexpected(host::Error{.text = "the answer to " + std::string(method) +
                                            " has no valid " + std::string(what)});
}

}  // namespace

host::Result<Uptime> read_uptime(const Value& answer) {
  constexpr std::int64_t largest_int = std::numeric_limits<std::int32_t>::max();
  constexpr std::int64_t modulus = 2 * (largest_int + 1);
  const auto* const member = find_member(answer, "uptime");
  const auto* const integer =
      member == nullptr ? nullptr : std::get_if<std::int64_t>(&member->data);
  const bool is_below_zero = integer != nullptr && *integer < 0 && *integer >= -largest_int - 1;
  const auto uptime = is_below_zero ? std::optional(*integer) : integer_in(answer, "uptime");
  if (!uptime) {
    return lacks("core.uptime", "uptime");
  }
  // binrpc does not send the sign of an int.
  const bool has_lost_its_sign = *uptime > largest_int && *uptime < modulus;
  return Uptime{.uptime = std::chrono::seconds(*uptime - (has_lost_its_sign ? modulus : 0)),
                .since = text_in(answer, "up_since")};
}

host::Result<std::vector<ServerProcess>> read_processes(const Value& answer) {
  // In binrpc a single process is not in a list.
  const auto* const list = std::get_if<List>(&answer.data);
  const std::span<const Value> entries =
      list != nullptr ? std::span<const Value>(*list) : std::span<const Value>(&answer, 1);
  if (entries.size() > most_server_processes) {
    return tl::unexpected(host::Error{
        .text = "the answer to core.psx names " + std::to_string(entries.size()) +
                " processes: expected " + std::to_string(most_server_processes) + " at most"});
  }
  std::vector<ServerProcess> processes;
  processes.reserve(entries.size());
  for (const auto& entry : entries) {
    const auto pid = integer_in(entry, "PID");
    if (!pid || *pid > host::highest_pid) {
      return lacks("core.psx", "PID");
    }
    processes.push_back({.pid = static_cast<int>(*pid), .description = text_in(entry, "DSC")});
  }
  if (processes.empty()) {
    return lacks("core.psx", "process");
  }
  return processes;
}

host::Result<SharedMemory> read_shared_memory(const Value& answer) {
  const auto total = integer_in(answer, "total");
  const auto free = integer_in(answer, "free");
  if (!total || *total == 0) {
    return lacks("core.shmmem", "total");
  }
  if (!free || *free > *total) {
    return lacks("core.shmmem", "free");
  }
  return SharedMemory{.total = static_cast<std::uint64_t>(*total),
                      .free = static_cast<std::uint64_t>(*free)};
}

}  // namespace rpc
