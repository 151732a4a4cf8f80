#include "agent/sip/message.h"
#include "sim/programs/programs.h"
#include "sim/programs/sipsak_arguments.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sim {
namespace {

using std::chrono::milliseconds;

// Its exit codes.
constexpr int final_reply_not_2xx = 1;
constexpr int cannot_go_on = 2;
constexpr int no_reply = 3;

std::string milliseconds_in(host::Duration duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f",
                std::chrono::duration<double, std::milli>(duration).count());
  return text.data();
}

std::string whole_milliseconds_in(host::Duration duration) {
  return std::to_string(std::chrono::duration_cast<milliseconds>(duration).count());
}

// The value of the first header field of this name, in lower case; empty if there is none.
std::string field_in(std::string_view message, std::string_view name) {
  (void)sip::take_line(message);
  sip::HeaderReader headers(message);
  while (const auto field = headers.next()) {
    if (field->name == name) {
      return field->value;
    }
  }
  return {};
}

// 404; 0 if the text is not a reply.
int status_in(std::string_view reply) {
  constexpr std::string_view version = "SIP/2.0 ";
  constexpr std::uint64_t highest = 999;
  constexpr std::size_t digits = 3;
  if (!reply.starts_with(version)) {
    return 0;
  }
  return static_cast<int>(sip::number(reply.substr(version.size(), digits), highest).value_or(0));
}

class Sipsak {
 public:
  Sipsak(Stage& me, SipsakArguments arguments)
      : me_(me), arguments_(std::move(arguments)), target_(arguments_.target) {}

  // Follows redirections, one conversation after another.
  Task<int> run() {
    for (;;) {
      const auto code = co_await converse();
      if (code) {
        co_return *code;
      }
    }
  }

 private:
  [[nodiscard]] host::Duration t1() const { return arguments_.timer_t1; }
  [[nodiscard]] host::Duration t2() const { return 8 * t1(); }
  [[nodiscard]] host::Duration final_timer() const { return arguments_.timeout_factor * t1(); }
  [[nodiscard]] bool is_verbose() const { return arguments_.verbosity > 0; }

  Task<void> say_if_verbose(std::string text) {
    if (is_verbose()) {
      co_await me_.write(Stream::out, std::move(text));
    }
  }

  Task<int> fail(int code, std::string text) {
    co_await me_.write(Stream::err, std::move(text));
    co_return code;
  }

  // The exit code; nothing to continue with another server.
  Task<std::optional<int>> converse() {
    const host::Endpoint place = {
        .kind = arguments_.over_tcp ? host::Endpoint::Kind::tcp : host::Endpoint::Kind::udp,
        .address = target_.address,
        .port = target_.port};
    const auto socket = me_.connect(place);
    if (!socket) {
      co_return co_await fail(cannot_go_on,
                              "connecting socket failed: " + socket.error().text + "\n");
    }
    socket_ = *socket;
    if (arguments_.over_tcp) {
      const auto event = co_await me_.next();
      if (const auto* const end = std::get_if<GotEnd>(&event)) {
        co_return co_await fail(cannot_go_on, "connecting socket failed: " + end->reason + "\n");
      }
    }
    constexpr milliseconds its_pace(10);  // it sleeps between two polls
    co_await me_.rest(its_pace);
    began_ = me_.now();
    send(arguments_.over_tcp ? final_timer() : t1());
    while (!is_redirected_) {
      const auto event = co_await me_.next(repeat_at_);
      if (const auto code = co_await take(event)) {
        co_return code;
      }
    }
    is_redirected_ = false;
    me_.close(socket_);
    co_return std::nullopt;
  }

  void send(host::Duration patience) {
    const auto local = me_.local_endpoint(socket_);
    const std::string place = local ? local->address + ":" + std::to_string(local->port) : "";
    const std::string transport = arguments_.over_tcp ? "TCP" : "UDP";
    const std::string number = std::to_string(me_.random() % 1'000'000'000);
    const std::string uri = target_.uri;
    std::string request = "OPTIONS " + uri + " SIP/2.0\r\n";
    request += "Via: SIP/2.0/" + transport + " " + place + ";branch=z9hG4bK." + number +
               ";rport;alias\r\nFrom: sip:sipsak@" + place + ";tag=" + number + "\r\nTo: " + uri +
               "\r\nCall-ID: " + number + "@" + place +
               "\r\nCSeq: " + (has_authorised_ ? "2" : "1") + " OPTIONS\r\nContact: sip:sipsak@" +
               place +
               "\r\nContent-Length: 0\r\nMax-Forwards: 70\r\nUser-Agent: sipsak 0.9.8.1\r\n"
               "Accept: text/plain\r\n\r\n";
    (void)me_.send(socket_, request);
    wait_for(patience);
  }

  void wait_for(host::Duration patience) {
    patience_ = patience;
    repeat_at_ = me_.now() + patience;
  }

  Task<std::optional<int>> take(StageEvent event) {
    if (std::holds_alternative<TimeIsUp>(event)) {
      co_return co_await lose_patience();
    }
    if (const auto* const end = std::get_if<GotEnd>(&event)) {
      if (end->reason.empty()) {
        co_await me_.write(Stream::out, "\nnothing received, select returned error\n");
        co_return cannot_go_on;
      }
      co_return co_await fail(no_reply, "send failure: " + end->reason + "\n");
    }
    if (const auto* const datagram = std::get_if<GotDatagram>(&event)) {
      co_return co_await read(datagram->bytes);
    }
    if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
      received_ += bytes->bytes;
      const bool is_complete = co_await check(bytes->bytes);
      if (is_complete) {
        co_return co_await read(std::exchange(received_, {}));
      }
    }
    co_return std::nullopt;
  }

  // Over UDP it repeats the request until the time-out.
  Task<std::optional<int>> lose_patience() {
    co_await say_if_verbose("** timeout after " + whole_milliseconds_in(patience_) + " ms**\n");
    const auto waited = me_.now() - began_;
    if (arguments_.over_tcp || waited >= final_timer()) {
      co_await say_if_verbose("*** giving up, no final response after " + milliseconds_in(waited) +
                              " ms\n");
      co_return no_reply;
    }
    send(std::min(2 * patience_, t2()));
    co_return std::nullopt;
  }

  // Whether a piece of a stream ends a message. It examines only this piece.
  Task<bool> check(std::string piece) {
    co_await say_if_verbose("\nchecking message for completeness...\n");
    const auto length = field_in(piece, "content-length");
    if (length.empty()) {
      co_await say_if_verbose("missing CL header; waiting for more bytes...\n");
      co_return false;
    }
    constexpr std::string_view empty_line = "\r\n\r\n";
    constexpr std::uint64_t longest = 65'535;
    const auto expected =
        piece.find(empty_line) + empty_line.size() + sip::number(length, longest).value_or(0);
    if (piece.size() < expected) {
      co_await say_if_verbose("waiting for more bytes...\n");
      co_return false;
    }
    const bool is_exact = piece.size() == expected;
    co_await say_if_verbose(is_exact ? "message is complete\n" : "received too much bytes...\n");
    co_return true;
  }

  // It treats any data as a reply to its request.
  Task<std::optional<int>> read(std::string reply) {
    constexpr int unauthorised = 401;
    constexpr int proxy_unauthorised = 407;
    constexpr int hundred = 100;
    const int status = status_in(reply);
    const int kind = status / hundred;
    if (kind == 1) {
      wait_for(t2());
      co_return std::nullopt;
    }
    if (status == unauthorised || status == proxy_unauthorised) {
      co_return co_await authorise(std::move(reply), status);
    }
    if (kind == 3 && arguments_.follows_redirects) {
      co_return co_await follow(std::move(reply));
    }
    co_await show(std::move(reply));
    co_return kind == 2 ? 0 : final_reply_not_2xx;
  }

  // It has no password, but tries to authenticate once.
  Task<std::optional<int>> authorise(std::string reply, int status) {
    const bool has_challenge = !field_in(reply, "www-authenticate").empty() ||
                               !field_in(reply, "proxy-authenticate").empty();
    if (!has_challenge) {
      co_return co_await fail(
          no_reply, reply + "error: couldn't find Proxy- or WWW-Authentication header in the " +
                        std::to_string(status) + " response above\n");
    }
    if (has_authorised_) {
      co_return co_await fail(cannot_go_on, reply + "\nerror: authorization failed\n");
    }
    has_authorised_ = true;
    send(patience_);
    co_return std::nullopt;
  }

  Task<std::optional<int>> follow(std::string reply) {
    co_await me_.write(Stream::out, "** received redirect \n");
    auto contact = field_in(reply, "contact");
    if (contact.empty()) {
      co_return co_await fail(no_reply, "error: cannot find Contact in this redirect:\n" + reply);
    }
    contact = contact.substr(contact.find('<') + 1);
    contact = contact.substr(0, contact.find_first_of(">;"));
    SipTarget target;
    const auto refusal = find_target(me_, contact, target);
    if (refusal) {
      co_await me_.write(Stream::out, refusal->out);
      co_return co_await fail(cannot_go_on, refusal->err);
    }
    target_ = target;
    is_redirected_ = true;
    co_return std::nullopt;
  }

  Task<void> show(std::string reply) {
    constexpr int much = 2;
    if (arguments_.verbosity < much) {
      co_await say_if_verbose(reply + "\n");
      co_return;
    }
    co_await me_.write(Stream::out, "\nmessage received:\n" + reply + "\n** reply received after " +
                                        milliseconds_in(me_.now() - began_) + " ms **\n   " +
                                        reply.substr(0, reply.find('\r')) +
                                        "\n   final received\n");
  }

  Stage& me_;
  SipsakArguments arguments_;
  SipTarget target_;
  Descriptor socket_{};
  host::TimePoint began_;
  host::TimePoint repeat_at_;
  host::Duration patience_{};
  std::string received_;  // of a message over TCP
  bool has_authorised_ = false;
  bool is_redirected_ = false;
};

Task<int> play(Stage& me, SipsakProfile profile) {
  switch (profile.ill) {
    case SipsakProfile::Ill::hangs:
      for (;;) {
        (void)co_await me.next();
      }
    case SipsakProfile::Ill::crashes:
      co_await me.die(SIGSEGV);
      break;
    case SipsakProfile::Ill::floods:
      for (;;) {
        co_await me.write(Stream::out, std::string(4096, 'x') + "\n");
        co_await me.rest(milliseconds(1));
      }
    case SipsakProfile::Ill::no:
      break;
  }
  auto arguments = parse_sipsak_arguments(me);
  if (arguments.only_tells_version) {
    co_await me.write(Stream::out, "sipsak 0.9.8.1  by Nils Ohlmeier\n");
    co_return 0;
  }
  if (arguments.refusal) {
    co_await me.write(Stream::out, arguments.refusal->out);
    co_await me.write(Stream::err, arguments.refusal->err);
    co_return cannot_go_on;
  }
  Sipsak sipsak(me, std::move(arguments));
  co_return co_await sipsak.run();
}

}  // namespace

Life sipsak(SipsakProfile profile) {
  return [profile](Stage& me) { return play(me, profile); };
}

}  // namespace sim
