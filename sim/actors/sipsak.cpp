#include "sim/actors/sipsak.h"

#include "sim/actors/sip_server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Its exit codes.
constexpr int final_reply_not_2xx = 1;
constexpr int bad_request = 2;
constexpr int no_reply = 3;

struct SipsakArguments {
  std::string uri;
  std::string host;
  std::uint16_t port = 5060;
  bool is_verbose = false;
  bool over_tcp = false;
  std::string refusal;
};

bool is_ipv4(std::string_view text) {
  return std::ranges::count(text, '.') == 3 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

void take_uri(const std::string& uri, SipsakArguments& arguments) {
  arguments.uri = uri;
  std::string place = uri.substr(std::min(uri.size(), uri.find(':') + 1));
  place = place.substr(place.find('@') == std::string::npos ? 0 : place.find('@') + 1);
  const auto colon = place.find(':');
  arguments.host = place.substr(0, colon);
  if (colon != std::string::npos) {
    const std::string_view port = std::string_view(place).substr(colon + 1);
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), arguments.port);
    if (error != std::errc{} || end != port.data() + port.size()) {
      arguments.refusal = "error: string is not a number: '" + std::string(port) + "'\n";
    }
  }
  if (!is_ipv4(arguments.host) && arguments.host != "localhost") {
    arguments.refusal += "'" + arguments.host + "' is unresolvable\n";
  }
}

SipsakArguments parse(const std::vector<std::string>& words) {
  SipsakArguments arguments;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string value = i + 1 < words.size() ? words[i + 1] : "";
    if (words[i] == "-s") {
      take_uri(value, arguments);
      ++i;
    } else if (words[i] == "-H") {
      ++i;
    } else if (words[i] == "--transport") {
      arguments.over_tcp = value == "tcp";
      ++i;
    } else if (words[i].starts_with("-v")) {
      arguments.is_verbose = true;
    } else {
      arguments.refusal = "sipsak: invalid option " + words[i] + "\n";
    }
  }
  if (arguments.uri.empty() && arguments.refusal.empty()) {
    arguments.refusal = "error: you need to give an uri with -s\n";
  }
  if (arguments.host == "localhost") {
    arguments.host = "127.0.0.1";
  }
  return arguments;
}

class Sipsak {
 public:
  Sipsak(Stage& me, SipsakArguments arguments) : me_(me), arguments_(std::move(arguments)) {}

  Task<int> run() {
    const auto socket = me_.connect(
        {.kind = arguments_.over_tcp ? host::Endpoint::Kind::tcp : host::Endpoint::Kind::udp,
         .address = arguments_.host,
         .port = arguments_.port});
    if (!socket) {
      co_return co_await fail(bad_request,
                              "connecting socket failed: " + socket.error().text + "\n");
    }
    socket_ = *socket;
    if (arguments_.over_tcp) {
      const auto event = co_await me_.next();
      if (const auto* const end = std::get_if<GotEnd>(&event)) {
        co_return co_await fail(bad_request, "connecting socket failed: " + end->reason + "\n");
      }
    }
    constexpr milliseconds its_pace(10);  // it sleeps between two looks
    co_await me_.rest(its_pace);
    if (arguments_.over_tcp) {
      co_return co_await ask_once();
    }
    co_return co_await ask_again_and_again();
  }

 private:
  Task<int> fail(int code, std::string text) {
    co_await me_.write(Stream::err, std::move(text));
    co_return code;
  }

  void send() {
    const auto local = me_.local_endpoint(socket_);
    const std::string place = local ? local->address + ":" + std::to_string(local->port) : "";
    const std::string transport = arguments_.over_tcp ? "TCP" : "UDP";
    const std::string number = std::to_string(me_.random() % 1'000'000'000);
    std::string request = "OPTIONS " + arguments_.uri + " SIP/2.0\r\n";
    request += "Via: SIP/2.0/" + transport + " " + place + ";branch=z9hG4bK." + number +
               ";rport;alias\r\nFrom: sip:sipsak@" + place + ";tag=" + number +
               "\r\nTo: " + arguments_.uri + "\r\nCall-ID: " + number + "@" + place +
               "\r\nCSeq: 1 OPTIONS\r\nContact: sip:sipsak@" + place +
               "\r\nContent-Length: 0\r\nMax-Forwards: 70\r\nUser-Agent: sipsak 0.9.8.1\r\n"
               "Accept: text/plain\r\n\r\n";
    (void)me_.send(socket_, request);
  }

  // Measured: a connection that stays silent is given up after 32 s.
  Task<int> ask_once() {
    send();
    co_return co_await wait_for_reply(me_.now() + seconds(32), seconds(32));
  }

  // Measured: sent at 0, 0.5, 1.5, 3.5 and 7.5 s, then every 4 s, given up after 35.6 s.
  Task<int> ask_again_and_again() {
    constexpr milliseconds first_pause(500);
    send();
    co_return co_await wait_for_reply(me_.now() + milliseconds(35'600), first_pause);
  }

  Task<int> wait_for_reply(host::TimePoint end, host::Duration pause) {
    constexpr seconds longest_pause(4);
    auto repeat_at = me_.now() + pause;
    for (;;) {
      const auto event = co_await me_.next(std::min(end, repeat_at));
      if (const auto code = co_await read(event)) {
        co_return *code;
      }
      if (me_.now() >= end) {
        co_return co_await fail(no_reply, "** timeout **\n");
      }
      if (std::holds_alternative<TimeIsUp>(event)) {
        send();
        pause = std::min<host::Duration>(2 * pause, longest_pause);
        repeat_at = me_.now() + pause;
      }
    }
  }

  Task<std::optional<int>> read(StageEvent event) {
    if (const auto* const end = std::get_if<GotEnd>(&event)) {
      co_return co_await fail(no_reply, "send failure: " + end->reason + "\n");
    }
    const auto* const datagram = std::get_if<GotDatagram>(&event);
    const auto* const bytes = std::get_if<GotBytes>(&event);
    if (datagram == nullptr && bytes == nullptr) {
      co_return std::nullopt;
    }
    const std::string reply = datagram != nullptr ? datagram->bytes : bytes->bytes;
    co_return co_await read_reply(reply);
  }

  // Whatever comes, it takes for the final reply.
  Task<std::optional<int>> read_reply(std::string reply) {
    constexpr std::string_view version = "SIP/2.0 ";
    const char kind =
        reply.starts_with(version) && reply.size() > version.size() ? reply[version.size()] : '?';
    if (kind == '1') {
      co_return std::nullopt;
    }
    const std::string status = reply.substr(version.size(), 3);
    if (kind == '3') {
      co_await me_.write(Stream::out, "** received redirect \n");
      co_return co_await fail(no_reply, "error: cannot find Contact in this redirect:\n" + reply);
    }
    if (status == "401" || status == "407") {
      co_return co_await fail(no_reply,
                              reply +
                                  "error: couldn't find Proxy- or WWW-Authentication header in "
                                  "the " +
                                  status + " response above\n");
    }
    if (arguments_.is_verbose) {
      co_await me_.write(Stream::out, reply + "\n");
    }
    co_return kind == '2' ? 0 : final_reply_not_2xx;
  }

  Stage& me_;
  SipsakArguments arguments_;
  Descriptor socket_{};
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
  auto arguments = parse(me.arguments());
  if (!arguments.refusal.empty()) {
    co_await me.write(Stream::err, arguments.refusal);
    co_return bad_request;
  }
  Sipsak sipsak(me, std::move(arguments));
  co_return co_await sipsak.run();
}

}  // namespace

Life sipsak(SipsakProfile profile) {
  return [profile](Stage& me) { return play(me, profile); };
}

}  // namespace sim
