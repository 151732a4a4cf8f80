#include "agent/rpc/answers.h"

#include "agent/host/process_table.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rpc {
namespace {

// Of an integer, or of a real number as binrpc has it for large ones; from 0 to 2^53.
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
  // A single process is no list in binrpc.
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
