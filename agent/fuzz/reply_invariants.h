#pragma once

#include "agent/fuzz/invariant.h"
#include "agent/fuzz/line_invariants.h"
#include "agent/rpc/calls.h"
#include "agent/rpc/value.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>

namespace fuzz {

// Measures a value and all values nested in it.
class Survey {
 public:
  explicit Survey(const rpc::Value& value) { visit(value, 0); }

  [[nodiscard]] int depth() const { return depth_; }  // 0 if nothing is in it
  [[nodiscard]] std::size_t values() const { return values_; }
  [[nodiscard]] std::size_t size() const { return size_; }     // values, and bytes of text
  [[nodiscard]] std::int64_t least() const { return least_; }  // of the integers

 private:
  void visit(const rpc::Value& value, int depth) {
    depth_ = std::max(depth_, depth);
    ++values_;
    ++size_;
    if (const auto* const integer = std::get_if<std::int64_t>(&value.data)) {
      least_ = std::min(least_, *integer);
    } else if (const auto* const real = std::get_if<double>(&value.data)) {
      require(std::isfinite(*real), "real numbers are finite");
    } else if (const auto* const text = std::get_if<std::string>(&value.data)) {
      size_ += text->size();
    } else if (const auto* const list = std::get_if<rpc::List>(&value.data)) {
      for (const auto& element : *list) {
        visit(element, depth + 1);
      }
    } else if (const auto* const members = std::get_if<rpc::Struct>(&value.data)) {
      for (const auto& member : *members) {
        size_ += member.name.size();
        visit(member.value, depth + 1);
      }
    }
  }

  int depth_ = 0;
  std::size_t values_ = 0;
  std::size_t size_ = 0;
  std::int64_t least_ = std::numeric_limits<std::int64_t>::max();
};

// The contract of agent/rpc/calls.h for any value that it accepts.
inline void check_answers(const rpc::Value& value) {
  constexpr std::int64_t largest = 9007199254740992;  // 2^53, up to which a double counts
  constexpr int highest_pid = 4'194'304;
  if (const auto uptime = rpc::read_uptime(value)) {
    constexpr std::int64_t least_int = -2'147'483'648;
    require(uptime->uptime.count() >= least_int && uptime->uptime.count() <= largest,
            "an uptime is -2^31 to 2^53 seconds");
  }
  if (const auto processes = rpc::read_processes(value)) {
    require(!processes->empty(), "a list of processes has one");
    require(processes->size() <= rpc::most_server_processes, "a list of processes is not endless");
    require(std::ranges::all_of(
                *processes,
                [](const auto& process) { return process.pid >= 0 && process.pid <= highest_pid; }),
            "a PID is in the range of the kernel's");
  }
  if (const auto memory = rpc::read_shared_memory(value)) {
    require(memory->total > 0, "there is shared memory");
    require(memory->free <= memory->total, "no more is free than there is");
    require(memory->total <= static_cast<std::uint64_t>(largest),
            "shared memory is at most 2^53 bytes");
  }
}

// The invariants of a reply of at most `size` bytes, whatever its encoding.
inline void check_reply(const rpc::Reply& reply, std::size_t size) {
  if (!reply.value) {
    require(!reply.value.error().text.empty(), "an error has words");
    check_line(reply.value.error().text);
    return;
  }
  const Survey survey(*reply.value);
  require(survey.depth() <= rpc::deepest_value, "no value is deeper than deepest_value");
  // The list of several values of a binrpc reply is a value that was not sent.
  require(survey.values() <= rpc::most_values + 1, "no value is of more than most_values");
  require(survey.size() <= size, "no value is larger than its bytes");
  check_answers(*reply.value);
}

}  // namespace fuzz
