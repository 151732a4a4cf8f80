#include "agent/sip/options_transaction.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>

namespace sip {
namespace {

using namespace std::chrono_literals;
using host::Endpoint;

// RFC 3261, table 4.
constexpr host::Duration t1 = 500ms;  // estimate of the round-trip time
constexpr host::Duration t2 = 4s;     // longest pause between retransmissions

constexpr std::string_view magic_cookie = "z9hG4bK";  // section 8.1.1.7
constexpr std::uint32_t sequence = 1;
constexpr std::string_view method = "OPTIONS";

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> digits = {};
  auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

// hostport: an IPv6 address in brackets (section 25.1).
std::string host_port(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.address.find(':') != std::string::npos;
  return (is_v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
         std::to_string(endpoint.port);
}

std::string times(unsigned count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// Describes the ignored messages for the operator; empty if there were none.
std::string describe(const OptionsTransaction::Ignored& ignored) {
  std::string text;
  const auto add = [&](unsigned count, const std::string& one, const std::string& many) {
    if (count > 0) {
      text += (text.empty() ? "" : ", ") + times(count, one, many);
    }
  };
  add(ignored.provisional, "provisional response", "provisional responses");
  add(ignored.stray, "response to another request", "responses to other requests");
  add(ignored.malformed, "message that is not a SIP response",
      "messages that are not SIP responses");
  return text.empty() ? text : " (besides " + text + ")";
}

}  // namespace

OptionsTransaction::OptionsTransaction(Endpoint server, std::string request_uri,
                                       host::Random& random)
    : server_(std::move(server)),
      request_uri_(std::move(request_uri)),
      branch_(std::string(magic_cookie) + hexadecimal(random.next())),
      call_id_(hexadecimal(random.next())),
      from_tag_(hexadecimal(random.next())) {}

void OptionsTransaction::begin(const exchange::Line& line, host::TimePoint now) {
  const auto local = line.local_endpoint();
  if (!local) {
    fail(local.error());
    return;
  }
  const bool is_udp = server_.kind == Endpoint::Kind::udp;
  const std::string here = host_port(*local);
  const std::string contact = "<sip:ocf-kamailio@" + here + (is_udp ? ">" : ";transport=tcp>");
  // rport (RFC 3581): the reply goes to the source of the request. Max-Forwards: a server that
  // forwards the request to itself detects the loop.
  request_ = std::string(method) + " " + request_uri_ + " SIP/2.0\r\n" +  //
             "Via: SIP/2.0/" + (is_udp ? "UDP " : "TCP ") + here + ";branch=" + branch_ +
             ";rport\r\n"
             "Max-Forwards: 70\r\n"
             "From: <sip:ocf-kamailio@" +
             here + ">;tag=" + from_tag_ +
             "\r\n"
             "To: <" +
             request_uri_ +
             ">\r\n"
             "Call-ID: " +
             call_id_ +
             "\r\n"
             "CSeq: " +
             std::to_string(sequence) + " " + std::string(method) +
             "\r\n"
             "Contact: " +
             contact +
             "\r\n"
             "Accept: application/sdp\r\n"
             "User-Agent: ocf-kamailio\r\n"
             "Content-Length: 0\r\n\r\n";
  line.send(request_);
  if (is_udp) {
    until_next_ = t1;
    timer_e_ = now + until_next_;
  }
}

void OptionsTransaction::receive(const exchange::Line& /*line*/, std::string_view bytes,
                                 host::TimePoint /*now*/) {
  if (server_.kind == Endpoint::Kind::udp) {
    take(bytes);
    return;
  }
  stream_.append(bytes);
  while (!is_over()) {
    const auto message = stream_.next();
    if (!message) {
      fail({.text = "the server sends " + message.error().text});
      return;
    }
    if (!*message) {
      return;
    }
    take(**message);
  }
}

void OptionsTransaction::take(std::string_view message) {
  const auto response = parse_response(message);
  if (!response) {
    ++ignored_.malformed;
  } else if (!is_answer(*response)) {
    ++ignored_.stray;
  } else if (response->status < 200) {
    ++ignored_.provisional;
    state_ = State::proceeding;
  } else {
    result_ = *response;
    state_ = State::completed;
  }
}

// Sections 17.1.3 and 8.1.3.3.
bool OptionsTransaction::is_answer(const Response& response) const {
  return response.branch == branch_ && response.cseq_method == method &&
         response.cseq == sequence && response.via_count == 1;
}

void OptionsTransaction::wake(const exchange::Line& line, host::TimePoint now) {
  line.send(request_);
  until_next_ = state_ == State::proceeding ? t2 : std::min(until_next_ * 2, t2);
  timer_e_ = now + until_next_;
}

void OptionsTransaction::fail(const host::Error& error) {
  result_ =
      tl::unexpected(host::Error{.kind = error.kind, .text = error.text + describe(ignored_)});
  state_ = State::completed;
}

}  // namespace sip
