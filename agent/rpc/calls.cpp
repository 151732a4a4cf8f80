#include "agent/rpc/calls.h"

#include "agent/rpc/json_rpc.h"

#include <chrono>
#include <utility>

namespace rpc {
namespace {

// A datagram that the server had no room for is lost. To ask twice does no harm.
constexpr std::chrono::milliseconds until_asked_again(100);

constexpr std::uint64_t highest_first_call = 0x3FFFFFFF;

bool is_datagram(const host::Endpoint& server) {
  return server.kind == host::Endpoint::Kind::unix_datagram;
}

}  // namespace

// The first number is drawn, so that a late reply to an earlier client is not taken for one's own.
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
    return;  // a second reply to a question that was asked twice
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

}  // namespace rpc
