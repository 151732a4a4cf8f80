#include "agent/sip/response.h"

#include "agent/sip/headers.h"

#include <limits>
#include <optional>
#include <utility>

namespace sip {
namespace {

constexpr std::string_view version = "sip/2.0";
constexpr std::uint64_t highest_cseq = 0x7FFFFFFF;  // RFC 3261, section 8.1.1.5

tl::unexpected<host::Error> no_response(std::string text) {
  return tl::unexpected(host::Error{.text = std::move(text)});
}

// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase. The second blank may be missing with
// the phrase.
bool read_status_line(std::string_view line, Response& response) {
  constexpr std::size_t code_size = 3;
  if (line.size() < version.size() + 1 + code_size ||
      lower(line.substr(0, version.size())) != version || line[version.size()] != ' ') {
    return false;
  }
  line.remove_prefix(version.size() + 1);
  const auto status = number(line.substr(0, code_size), highest_status);
  line.remove_prefix(code_size);
  if (!status || *status < 100 || (!line.empty() && line.front() != ' ')) {
    return false;
  }
  response.status = static_cast<int>(*status);
  response.reason = trim(line);
  return true;
}

// via-parm = sent-protocol LWS sent-by *( SEMI via-params ); values are separated by commas.
void read_via(std::string_view value, Response& response) {
  while (!value.empty()) {
    auto parameters = take_until(',', value);
    const bool is_topmost = response.via_count++ == 0;
    (void)take_until(';', parameters);
    while (is_topmost && !parameters.empty()) {
      auto content = take_until(';', parameters);
      const auto name = trim(take_until('=', content));
      if (lower(name) == "branch") {
        response.branch = trim(content);
      }
    }
  }
}

// CSeq = 1*DIGIT LWS Method
bool read_cseq(std::string_view value, Response& response) {
  const auto blank = value.find_first_of(" \t");
  const auto sequence = number(value.substr(0, blank), highest_cseq);
  const auto method =
      blank == std::string_view::npos ? std::string_view() : trim(value.substr(blank));
  if (!sequence || method.empty() || method.find_first_of(" \t") != std::string_view::npos) {
    return false;
  }
  response.cseq = static_cast<std::uint32_t>(*sequence);
  response.cseq_method = method;
  return true;
}

}  // namespace

host::Result<Response> parse_response(std::string_view message) {
  Response response;
  if (!read_status_line(take_line(message), response)) {
    return no_response("the first line is no status line");
  }
  std::optional<std::string> cseq;
  std::optional<std::uint64_t> body_size;
  HeaderReader header(message);
  while (const auto field = header.next()) {
    if (field->name == "via") {
      read_via(field->value, response);
    } else if (field->name == "cseq") {
      cseq = field->value;
    } else if (field->name == "content-length" && !body_size) {  // the first, as in content_length
      body_size = number(field->value, std::numeric_limits<std::uint64_t>::max());
      if (!body_size) {
        return no_response("Content-Length is no number");
      }
    }
  }
  if (response.via_count == 0) {
    return no_response("it has no Via");
  }
  if (!cseq || !read_cseq(*cseq, response)) {
    return no_response("it has no valid CSeq");
  }
  if (body_size && *body_size > header.rest().size()) {
    return no_response("its body is shorter than Content-Length says");
  }
  return response;
}

std::size_t content_length(std::string_view header) {
  (void)take_line(header);
  HeaderReader reader(header);
  while (const auto field = reader.next()) {
    if (field->name == "content-length") {
      return number(field->value, std::numeric_limits<std::size_t>::max()).value_or(0);
    }
  }
  return 0;
}

}  // namespace sip
