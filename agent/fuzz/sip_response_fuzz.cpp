// Feeds any bytes as a SIP response, as a stream of messages, and as a Request-URI.

#include "agent/fuzz/invariant.h"
#include "agent/fuzz/line_invariants.h"
#include "agent/fuzz/pieces.h"
#include "agent/fuzz/target.h"
#include "agent/sip/message.h"
#include "agent/sip/uri.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using fuzz::require;

bool ends_in_empty_line(std::string_view header) {
  return header.ends_with("\n\n") || header.ends_with("\n\r\n");
}

// The first line, the header fields, and the empty line if there is one.
std::string_view header_of(std::string_view message) {
  auto rest = message;
  (void)sip::take_line(rest);
  sip::HeaderReader reader(rest);
  while (const auto field = reader.next()) {
    require(field->name == sip::lower(field->name), "names are in lower case");
    require(field->name != "v" && field->name != "l", "names are in their long form");
    require(field->value == sip::trim(field->value), "values are trimmed");
    require(field->value.find('\n') == std::string::npos, "values are unfolded");
  }
  require(message.ends_with(reader.rest()), "the body is the end of the message");
  return message.substr(0, message.size() - reader.rest().size());
}

void check_response(std::string_view message) {
  const auto header = header_of(message);
  const auto response = sip::parse_response(message);
  if (!response) {
    require(!response.error().text.empty(), "an error has words");
    return;
  }
  require(response->status >= 100 && response->status <= 699, "a status is 100 to 699");
  require(response->via_count >= 1, "a response has a Via");
  require(response->cseq < 0x80000000U, "a CSeq is below 2^31");
  require(!response->cseq_method.empty() &&
              response->cseq_method.find_first_of(" \t\n") == std::string::npos,
          "a method is one word");
  require(response->reason == sip::trim(response->reason), "a reason is trimmed");
  require(response->branch == sip::trim(response->branch), "a branch is trimmed");
  if (ends_in_empty_line(header)) {
    require(sip::parse_response(std::string(message) + "x") == response,
            "what is behind the body changes nothing");
    const auto without_body = sip::parse_response(header);
    require(!without_body || without_body == response, "only the length of a body matters");
  }
}

void check_stream(std::string_view bytes) {
  const auto given = fuzz::read_all<std::string>(sip::MessageStream(), fuzz::whole(bytes));
  const auto in_pieces = fuzz::read_all<std::string>(sip::MessageStream(), fuzz::pieces_of(bytes));
  require(given.items == in_pieces.items, "messages are the same however they arrive");
  require(given.error == in_pieces.error, "a stream fails however it arrives");

  for (const std::string& message : given.items) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
    require(bytes.starts_with(message), "only line ends are lost between messages");
    bytes.remove_prefix(message.size());

    const auto body_size = sip::content_length(message);
    const auto header = header_of(message);
    require(message.size() <= sip::MessageStream::longest_message, "no message is too long");
    require(ends_in_empty_line(header), "a message has its whole header");
    require(message.size() - header.size() == body_size, "a message has its whole body, no more");
    check_response(message);
  }
}

void check_request_uri(std::string_view text) {
  constexpr std::string_view forbidden("\0\t\n\r <>\"\x7F\x80\xFF", 11);
  if (!sip::is_request_uri(text)) {
    return;
  }
  require(std::ranges::all_of(text, [](char byte) { return byte > ' ' && byte < '\x7F'; }),
          "a Request-URI is visible ASCII");
  require(text.find_first_of(forbidden) == std::string_view::npos,
          "a Request-URI does not end early in a request");
  require(text.find('?') == std::string_view::npos || text.find('?') < text.find('@'),
          "a Request-URI has no headers");
  for (const char byte : forbidden) {
    for (const auto place : {text.size() / 2, text.size()}) {
      std::string changed(text);
      changed.insert(place, 1, byte);
      require(!sip::is_request_uri(changed), "no Request-URI has such a byte anywhere");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::text_of(data, size);
  check_response(bytes);
  fuzz::check_line(bytes);
  check_stream(bytes);
  check_request_uri(bytes);
  check_request_uri("sip:" + std::string(bytes));
  return 0;
}
