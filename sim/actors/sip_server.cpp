#include "sim/actors/sip_server.h"

#include "agent/sip/message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace sim {
namespace {

// RFC 3261, section 21.
std::string_view usual_reason(int code) {
  constexpr std::array<std::pair<int, std::string_view>, 14> reasons = {{
      {100, "Trying"},
      {180, "Ringing"},
      {200, "OK"},
      {301, "Moved Permanently"},
      {302, "Moved Temporarily"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {407, "Proxy Authentication Required"},
      {408, "Request Timeout"},
      {480, "Temporarily Unavailable"},
      {483, "Too Many Hops"},
      {500, "Server Internal Error"},
      {503, "Service Unavailable"},
  }};
  const auto* const found =
      std::ranges::find(reasons, code, &std::pair<int, std::string_view>::first);
  return found == reasons.end() ? "Unknown" : found->second;
}

std::string name_as_sent(const std::string& name) {
  if (name == "call-id") {
    return "Call-ID";
  }
  if (name == "cseq") {
    return "CSeq";
  }
  std::string capitalised = name;
  capitalised[0] = static_cast<char>(capitalised[0] - 'a' + 'A');
  return capitalised;
}

bool is_taken_over(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"via", "from", "to", "call-id", "cseq"};
  return std::ranges::find(names, name) != names.end();
}

Task<void> send(Stage& me, Descriptor socket, std::string bytes, std::size_t piece) {
  constexpr std::chrono::milliseconds pause(1);
  const std::size_t size = piece == 0 ? bytes.size() : piece;
  for (std::size_t sent = 0; sent < bytes.size(); sent += size) {
    if (sent > 0) {
      co_await me.rest(pause);
    }
    (void)me.send(socket, std::string_view(bytes).substr(sent, size));
  }
}

}  // namespace

std::string reply_to(std::string_view request, const SipReply& reply, std::string_view server,
                     std::string_view tag) {
  const auto first_line = sip::take_line(request);
  if (!first_line.ends_with(" SIP/2.0")) {
    return {};
  }
  constexpr std::size_t room = 200;  // for what the reply has and the request has not
  std::string message;
  message.reserve(request.size() + reply.fields.size() + room);
  message.append("SIP/2.0 ").append(std::to_string(reply.code)).append(" ");
  message.append(reply.reason.empty() ? usual_reason(reply.code) : reply.reason).append("\r\n");
  sip::HeaderReader headers(request);
  while (const auto field = headers.next()) {
    if (is_taken_over(field->name)) {
      message.append(name_as_sent(field->name)).append(": ").append(field->value);
      if (field->name == "to" && field->value.find(";tag=") == std::string::npos) {
        message.append(";tag=").append(tag);
      }
      message += "\r\n";
    }
  }
  return message.append(reply.fields)
      .append("Server: ")
      .append(server)
      .append("\r\nContent-Length: 0\r\n\r\n");
}

Task<bool> answer(Stage& me, Descriptor socket, Way way, std::string request, int number,
                  SipBehaviour behaviour, std::string server) {
  if (number < behaviour.ignores) {
    co_return true;
  }
  const bool is_stream = way == Way::stream;
  const std::size_t piece = is_stream ? behaviour.piece : 0;
  const std::string tag = std::to_string(me.random());
  for (const auto& reply : behaviour.replies) {
    const std::string bytes = reply.bytes ? *reply.bytes : reply_to(request, reply, server, tag);
    for (int time = 0; time < reply.times; ++time) {
      if (reply.after > host::Duration(0)) {
        co_await me.rest(reply.after);
      }
      co_await send(me, socket, bytes, piece);
    }
    if (is_stream && reply.closes) {
      me.close(socket);
      co_return false;
    }
  }
  if (is_stream && behaviour.afterwards == SipBehaviour::Afterwards::close) {
    me.close(socket);
    co_return false;
  }
  if (is_stream && behaviour.afterwards == SipBehaviour::Afterwards::reset) {
    me.reset(socket);
    co_return false;
  }
  co_return true;
}

std::string Requests::next() {
  sip::MessageStream stream;
  stream.append(bytes_);
  auto message = stream.next();
  if (!message || !*message) {
    return {};
  }
  const auto begin = bytes_.find(**message);
  bytes_.erase(0, begin + (*message)->size());
  return **std::move(message);
}

}  // namespace sim
