#include "sim/programs/sip_server.h"

#include "agent/sip/message.h"
#include "sim/programs/programs.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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
  constexpr std::size_t room = 200;  // for header fields that only the reply has
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

namespace {

constexpr const char* server_header = "responder";

class Responder {
 public:
  Responder(Stage& me, SipBehaviour behaviour) : me_(me), behaviour_(std::move(behaviour)) {}

  Task<int> serve() {
    for (;;) {
      const auto event = co_await me_.next();
      if (const auto* const datagram = std::get_if<GotDatagram>(&event)) {
        (void)co_await answer(me_, datagram->socket, Way::datagram, datagram->bytes, count_++,
                              behaviour_, server_header);
      } else if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
        co_await take(*bytes);
      } else if (const auto* const end = std::get_if<GotEnd>(&event)) {
        connections_.erase(end->descriptor);
        me_.close(end->descriptor);
      }
    }
  }

 private:
  Task<void> take(GotBytes bytes) {
    auto& requests = connections_[bytes.descriptor];
    requests.append(bytes.bytes);
    for (auto request = requests.next(); !request.empty(); request = requests.next()) {
      const bool is_open = co_await answer(me_, bytes.descriptor, Way::stream, request, count_++,
                                           behaviour_, server_header);
      if (!is_open) {
        connections_.erase(bytes.descriptor);
        co_return;
      }
    }
  }

  Stage& me_;
  SipBehaviour behaviour_;
  int count_ = 0;  // of requests
  std::map<Descriptor, Requests> connections_;
};

Task<int> play(Stage& me, std::vector<host::Endpoint> places, SipBehaviour behaviour) {
  for (const auto& place : places) {
    const auto socket = me.listen(place);
    if (!socket) {
      co_await me.write(Stream::err, host::text_of(place) + ": " + socket.error().text + "\n");
      co_return 1;
    }
  }
  co_return co_await answer_requests(me, std::move(behaviour));
}

}  // namespace

Task<int> answer_requests(Stage& me, SipBehaviour behaviour) {
  Responder responder(me, std::move(behaviour));
  co_return co_await responder.serve();
}

Life sip_responder(std::vector<host::Endpoint> places, SipBehaviour behaviour) {
  return [places = std::move(places), behaviour = std::move(behaviour)](Stage& me) {
    return play(me, places, behaviour);
  };
}

}  // namespace sim
