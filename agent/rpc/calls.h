#pragma once

#include "agent/exchange/exchange.h"
#include "agent/host/clock.h"
#include "agent/host/network.h"
#include "agent/host/random.h"
#include "agent/host/result.h"
#include "agent/rpc/binrpc.h"
#include "agent/rpc/value.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rpc {

// Makes read-only calls, one after another: over a unix_datagram by JSON-RPC (jsonrpcs), over a
// unix_stream by binrpc (ctl). There is at least one. Over when all have a reply, or when one
// cannot get one.
class Calls final : public exchange::Exchange {
 public:
  Calls(host::Endpoint server, std::vector<Call> calls, host::Random& random);

  // One result for each call with a reply, in order. An error in it is the server's error reply.
  [[nodiscard]] const std::vector<host::Result<Value>>& answers() const { return answers_; }

  // Why the first call without a reply has none. Nothing if all have one.
  [[nodiscard]] const std::optional<host::Error>& failure() const { return failure_; }

  [[nodiscard]] host::Endpoint peer() const override { return server_; }
  void begin(const exchange::Line& line, host::TimePoint now) override;
  void receive(const exchange::Line& line, std::string_view bytes, host::TimePoint now) override;
  [[nodiscard]] std::optional<host::TimePoint> wakes_at() const override { return ask_again_at_; }
  void wake(const exchange::Line& line, host::TimePoint now) override;
  void fail(const host::Error& error) override;
  [[nodiscard]] bool is_over() const override {
    return failure_.has_value() || answers_.size() == calls_.size();
  }

 private:
  void ask(const exchange::Line& line, host::TimePoint now);
  void take(const exchange::Line& line, Reply reply, host::TimePoint now);
  [[nodiscard]] CallId current_call() const;

  host::Endpoint server_;
  std::vector<Call> calls_;
  CallId first_call_;
  BinrpcStream stream_;
  std::vector<host::Result<Value>> answers_;
  std::optional<host::Error> failure_;
  std::optional<host::TimePoint> ask_again_at_;  // of datagrams
  std::string malformed_;                        // the error in the last invalid reply
};

// Readers for the replies of some of Kamailio's core methods (measured with Kamailio 5.6.3, both
// encodings). Error: the reply has another form; the text names the method and the missing part.

// core.uptime
struct Uptime {
  std::chrono::seconds uptime{0};  // negative after the wall clock was set back (measured)
  std::string since;               // local time, as in "Mon Nov 23 10:00:00 2026"

  friend bool operator==(const Uptime&, const Uptime&) = default;
};
[[nodiscard]] host::Result<Uptime> read_uptime(const Value& answer);

// core.psx: the main process comes first. Each process may be looked up, so a reply that is longer
// than any server sends is an error.
inline constexpr std::size_t most_server_processes = 4096;
struct ServerProcess {
  int pid = 0;
  std::string description;  // "udp receiver child=0 sock=127.0.0.1:5060"

  friend bool operator==(const ServerProcess&, const ServerProcess&) = default;
};
[[nodiscard]] host::Result<std::vector<ServerProcess>> read_processes(const Value& answer);

// core.shmmem with the parameter "k", in KiB. In bytes, Kamailio 5.6.3 would return them modulo
// 2^32.
struct SharedMemory {
  std::uint64_t total = 0;  // not 0
  std::uint64_t free = 0;   // at most total

  friend bool operator==(const SharedMemory&, const SharedMemory&) = default;
};
[[nodiscard]] host::Result<SharedMemory> read_shared_memory(const Value& answer);

}  // namespace rpc
