#include "agent/sip/message.h"

#include "agent/base/number.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace sip {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// The compact forms (RFC 3261, section 7.3.3) of the fields that are used here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> compact_forms = {
    {{"v", "via"}, {"l", "content-length"}}};

bool is_folded(std::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.front() == '\t');
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(white_space);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

std::string_view take_until(char separator, std::string_view& text) {
  bool quoted = false;
  std::size_t comments = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const char byte = text[end];
    if ((quoted || comments > 0) && byte == '\\') {
      ++end;
    } else if (comments == 0 && byte == '"') {
      quoted = !quoted;
    } else if (!quoted && byte == '(') {
      ++comments;
    } else if (!quoted && comments > 0 && byte == ')') {
      --comments;
    } else if (!quoted && comments == 0 && byte == separator) {
      break;
    }
  }
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  });
  return result;
}

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t limit) {
  const auto value = base::number_in<std::uint64_t>(text);
  return value && *value <= limit ? value : std::nullopt;
}

std::optional<HeaderReader::Field> HeaderReader::next() {
  const auto line = take_line(rest_);
  if (line.empty()) {
    return std::nullopt;
  }
  std::string unfolded;  // if it is more than one line
  while (is_folded(rest_)) {
    unfolded += unfolded.empty() ? line : std::string_view();
    unfolded += ' ';
    unfolded += trim(take_line(rest_));
  }
  const std::string_view field = unfolded.empty() ? line : unfolded;
  const auto colon = field.find(':');
  if (colon == std::string_view::npos) {
    return Field{};
  }
  auto name = lower(trim(field.substr(0, colon)));
  for (const auto& [compact, full] : compact_forms) {
    if (name == compact) {
      name = full;
    }
  }
  return Field{.name = std::move(name), .value = std::string(trim(field.substr(colon + 1)))};
}

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
    return no_response("the first line is not a status line");
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
        return no_response("Content-Length is not a number");
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

namespace {

// The size of the header including its empty line; nothing if that line has not come yet.
std::optional<std::size_t> header_size(std::string_view bytes) {
  for (auto end = bytes.find('\n'); end != std::string_view::npos;
       end = bytes.find('\n', end + 1)) {
    const auto rest = bytes.substr(end + 1);
    if (rest.starts_with('\n')) {
      return end + 2;
    }
    if (rest.starts_with("\r\n")) {
      return end + 3;
    }
  }
  return std::nullopt;
}

}  // namespace

void MessageStream::append(std::string_view bytes) {
  // The buffer is trimmed only here, so that a piece with many small messages costs no more than
  // one large message.
  bytes_.erase(0, begin_);
  begin_ = 0;
  bytes_ += bytes;
}

host::Result<std::optional<std::string>> MessageStream::next() {
  const tl::unexpected<host::Error> too_long(
      host::Error{.text = "a message of more than " + std::to_string(longest_message) + " bytes"});
  begin_ = std::min(bytes_.find_first_not_of("\r\n", begin_), bytes_.size());
  const auto rest = std::string_view(bytes_).substr(begin_);
  const auto header = header_size(rest.substr(0, longest_message));
  if (!header) {
    if (rest.size() > longest_message) {
      return too_long;
    }
    return std::nullopt;
  }
  const auto body = content_length(rest.substr(0, *header));
  if (body > longest_message - *header) {
    return too_long;
  }
  if (rest.size() < *header + body) {
    return std::nullopt;
  }
  begin_ += *header + body;
  return std::string(rest.substr(0, *header + body));
}

}  // namespace sip
