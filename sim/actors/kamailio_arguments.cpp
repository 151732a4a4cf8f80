#include "sim/actors/kamailio_arguments.h"

#include <charconv>
#include <cstddef>
#include <string_view>

namespace sim {
namespace {

// kamailio -h: these want a value.
constexpr std::string_view with_value = "abfgGlLmMnNOPQtuxXYwWA";
constexpr std::string_view without_value = "cdDeEIKrRSTvVhC";

struct Option {
  char letter = 0;
  std::string value;
};

// "udp:127.0.0.1:5060", "tcp:[::1]:5060": the form in which an agent gives listeners.
void add_listener(const std::string& text, KamailioArguments& arguments) {
  const auto colon = text.find(':');
  const auto protocol = text.substr(0, colon);
  const auto last_colon = text.rfind(':');
  if (colon == std::string::npos || last_colon <= colon ||
      (protocol != "udp" && protocol != "tcp")) {
    arguments.refusal = "bad -l parameter: " + text;
    return;
  }
  std::string address = text.substr(colon + 1, last_colon - colon - 1);
  std::uint16_t port = 0;
  const std::string_view port_text = std::string_view(text).substr(last_colon + 1);
  std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  arguments.listener_texts.push_back(protocol + ": " + address + ":" + std::to_string(port));
  if (address.starts_with('[')) {
    address = address.substr(1, address.size() - 2);
  }
  arguments.listeners.push_back(
      {.kind = protocol == "udp" ? host::Endpoint::Kind::udp : host::Endpoint::Kind::tcp,
       .address = address,
       .port = port});
}

void take_flag(char letter, KamailioArguments& arguments) {
  switch (letter) {
    case 'c':
      arguments.only_checks = true;
      break;
    case 'v':
    case 'V':
    case 'h':
    case 'I':
      arguments.only_tells_version = true;
      break;
    case 'E':
      arguments.logs_to_stderr = true;
      break;
    case 'D':
      ++arguments.d_options;
      break;
    case 'T':
      arguments.has_tcp = false;
      break;
    default:
      break;
  }
}

void take(const Option& option, KamailioArguments& arguments) {
  switch (option.letter) {
    case 'f':
      arguments.config = option.value;
      break;
    case 'P':
      arguments.pid_file = option.value;
      break;
    case 'l':
      add_listener(option.value, arguments);
      break;
    case 'u':
      arguments.user = option.value;
      break;
    case 'g':
      arguments.group = option.value;
      break;
    default:
      take_flag(option.letter, arguments);
  }
}

}  // namespace

KamailioArguments parse_kamailio_arguments(const std::vector<std::string>& arguments) {
  KamailioArguments parsed;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.starts_with("--")) {
      continue;  // long options carry their value with them
    }
    if (word.size() < 2 || word[0] != '-') {
      parsed.refusal = "unexpected argument: " + word;
      return parsed;
    }
    for (std::size_t j = 1; j < word.size(); ++j) {
      const char letter = word[j];
      if (with_value.find(letter) != std::string_view::npos) {
        std::string value = word.substr(j + 1);
        if (value.empty() && ++i == arguments.size()) {
          parsed.refusal = std::string("Option '-") + letter + "' requires an argument.";
          return parsed;
        }
        take({.letter = letter, .value = value.empty() ? arguments[i] : value}, parsed);
        break;
      }
      if (without_value.find(letter) == std::string_view::npos) {
        parsed.refusal = std::string("Unknown option '-") + letter + "'. Use -h for help.";
        return parsed;
      }
      take_flag(letter, parsed);
    }
  }
  return parsed;
}

}  // namespace sim
