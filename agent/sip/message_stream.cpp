#include "agent/sip/message_stream.h"

#include "agent/sip/response.h"

#include <algorithm>

namespace sip {
namespace {

// The size of the header with its empty line; nothing if that has not come yet.
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
  // Only here, so that a piece of many small messages costs no more than one of a large one.
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
