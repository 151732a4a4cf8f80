#include "agent/sip/headers.h"

#include "agent/base/number.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sip {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// The compact forms (RFC 3261, section 7.3.3) of the fields that somebody here reads.
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

}  // namespace sip
