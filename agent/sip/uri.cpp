#include "agent/sip/uri.h"

#include "agent/sip/message.h"

#include <algorithm>
#include <string>

namespace sip {
namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view mark = "-_.!~*'()";
constexpr std::string_view user_unreserved = "&=+$,;?/";
constexpr std::string_view param_unreserved = "[]/:&+$";
constexpr std::string_view hexadecimal = "0123456789ABCDEFabcdef";

bool contains(std::string_view set, char byte) { return set.find(byte) != std::string_view::npos; }

// Whether the text consists of unreserved and escaped characters and those in `further`.
bool consists_of(std::string_view text, std::string_view further) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !contains(hexadecimal, text[i + 1]) ||
          !contains(hexadecimal, text[i + 2])) {
        return false;
      }
      i += 2;
    } else if (!contains(letters_and_digits, text[i]) && !contains(mark, text[i]) &&
               !contains(further, text[i])) {
      return false;
    }
  }
  return true;
}

// host: a name, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    return text.ends_with(']') && text.size() > 2 &&
           text.substr(1, text.size() - 2).find_first_not_of("0123456789ABCDEFabcdef:.") ==
               std::string_view::npos;
  }
  return !text.empty() && std::ranges::all_of(text, [](char byte) {
    return contains(letters_and_digits, byte) || byte == '-' || byte == '.';
  });
}

bool is_host_and_port(std::string_view text) {
  constexpr std::uint64_t highest_port = 65535;
  const auto bracket = text.find(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) {
    return is_host(text);
  }
  return is_host(text.substr(0, colon)) &&
         number(text.substr(colon + 1), highest_port).value_or(0) > 0;
}

}  // namespace

bool is_request_uri(std::string_view text) {
  constexpr std::string_view scheme = "sip:";
  if (lower(text.substr(0, scheme.size())) != scheme) {
    return false;
  }
  text.remove_prefix(scheme.size());
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    const auto user = text.substr(0, at);
    const auto colon = std::min(user.find(':'), user.size());
    const auto password = user.substr(std::min(colon + 1, user.size()));
    if (colon == 0 || !consists_of(user.substr(0, colon), user_unreserved) ||
        !consists_of(password, "&=+$,")) {
      return false;
    }
    text.remove_prefix(at + 1);
  }
  const auto semicolon = std::min(text.find(';'), text.size());
  return is_host_and_port(text.substr(0, semicolon)) &&
         consists_of(text.substr(semicolon), std::string(param_unreserved) + ";=");
}

}  // namespace sip
