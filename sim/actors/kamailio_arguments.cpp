#include "sim/actors/kamailio_arguments.h"

#include "sim/kernel/number.h"

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

void take_flag(char letter, KamailioArguments& arguments) {
  switch (letter) {
    case 'c':
      arguments.only_checks = true;
      break;
    case 'v':
    case 'V':
    case 'I':
      arguments.tells = KamailioArguments::Tells::version;
      break;
    case 'h':
      arguments.tells = KamailioArguments::Tells::help;
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
      arguments.listeners.push_back(option.value);
      break;
    case 'A':
      arguments.defines.push_back(option.value);
      break;
    case 'u':
      arguments.user = option.value;
      break;
    case 'g':
      arguments.group = option.value;
      break;
    case 'm':
      arguments.shared_memory = option.value;
      break;
    case 'M':
      arguments.private_memory = option.value;
      break;
    default:
      take_flag(option.letter, arguments);
  }
}

}  // namespace

std::optional<KamailioListener> KamailioListener::parse(std::string_view text, int usual_port) {
  KamailioListener listener{.port = usual_port};
  if (text.starts_with("udp:") || text.starts_with("tcp:")) {
    listener.protocol = text.substr(0, text.find(':'));
    text.remove_prefix(listener.protocol.size() + 1);
  }
  const auto end_of_host = text.starts_with('[') ? text.find(']') + 1 : text.find(':');
  listener.host = text.substr(0, end_of_host);
  text.remove_prefix(listener.host.size());
  if (text.starts_with(':')) {
    const auto port = number_in<int>(text.substr(1));
    if (!port) {
      return std::nullopt;
    }
    listener.port = *port;
  }
  return listener;
}

KamailioArguments parse_kamailio_arguments(const std::vector<std::string>& arguments) {
  KamailioArguments parsed;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool is_long = word.starts_with("--");  // long options carry their value with them
    if (is_long || word.size() < 2 || word[0] != '-') {
      continue;  // Kamailio takes no notice of words that are no options
    }
    for (std::size_t j = 1; j < word.size(); ++j) {
      const char letter = word[j];
      if (with_value.find(letter) != std::string_view::npos) {
        std::string value = word.substr(j + 1);
        if (value.empty() && ++i == arguments.size()) {
          parsed.refusal =
              std::string("Option '-") + letter + "' requires an argument. Use -h for help.";
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
