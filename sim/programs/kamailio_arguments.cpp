#include "sim/programs/kamailio_arguments.h"

#include "agent/base/number.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sim {
namespace {

// kamailio -h: these need a value.
constexpr std::string_view with_value = "abfgGlLmMnNOPQtuxXYwWA";
constexpr std::string_view without_value = "cdDeEIKrRSTvVh";

// Options with '=' need a value. Names may be abbreviated if the result is unique.
constexpr std::array<std::string_view, 13> long_options = {
    "help",        "version",   "alias=",      "subst=", "substdef=", "substdefs=", "server-id=",
    "loadmodule=", "modparam=", "log-engine=", "debug=", "cfg-print", "atexit="};

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

// Finds an option like getopt_long(3). Nothing for an unknown or ambiguous abbreviation.
std::optional<std::string_view> long_option_called(std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto option : long_options) {
    const auto whole = option.substr(0, option.find('='));
    if (whole == name) {
      return option;
    }
    if (whole.starts_with(name)) {
      if (found) {
        return std::nullopt;
      }
      found = option;
    }
  }
  return found;
}

// Kamailio's error for its value; empty if it is valid.
std::string refusal_of(std::string_view option, std::string_view value) {
  const auto complain = [&](const std::string& what) {
    return "ERROR: <core> [main.c:2110]: main(): bad " + what + " value: " + std::string(value);
  };
  constexpr std::string_view yes_and_no = "yYnN10";
  if (option == "atexit=" &&
      (value.empty() || yes_and_no.find(value.front()) == std::string_view::npos)) {
    return complain("atexit");
  }
  if (option == "server-id=" && !base::number_in<int>(value)) {
    return complain("server_id");
  }
  if (option == "debug=" && !base::number_in<int>(value)) {
    return complain("debug level");
  }
  return {};
}

bool is_one_of(std::string_view value, const auto& words) {
  return std::ranges::find(words, value) != words.end();
}

// Kamailio's error for the value of a letter; empty if it is valid.
std::string refusal_of(const Option& option) {
  constexpr std::array<std::string_view, 4> yes_or_no = {"yes", "no", "on", "off"};
  constexpr std::array<std::string_view, 6> methods = {"poll",     "epoll_lt", "epoll_et",
                                                       "sigio_rt", "select",   "/dev/poll"};
  struct Number {
    char letter;
    const char* name;
  };
  constexpr std::array<Number, 4> numbers = {{{'n', "process number"},
                                              {'N', "process number"},
                                              {'O', "optimization level"},
                                              {'b', "max buffer size number"}}};
  const auto& [letter, value] = option;
  const std::string text = std::string(": -") + letter + " " + value;
  const auto* const number = std::ranges::find(numbers, letter, &Number::letter);
  if (number != numbers.end() && !base::number_in<int>(value)) {
    return std::string("bad ") + number->name + text;
  }
  if (letter == 'W' && !is_one_of(value, methods)) {
    return "bad poll method name" + text +
           "\ntry one of poll, epoll_lt, epoll_et, sigio_rt, select.";
  }
  if (letter == 'a' && !is_one_of(value, yes_or_no)) {
    return "bad auto aliases parameter: " + value + " (valid on, off, yes, no)";
  }
  return {};
}

// The memory managers, -x and -X.
bool is_memory_manager(std::string_view name) {
  constexpr std::array<std::string_view, 7> known = {"qm",          "fm",      "f_malloc", "tlsf",
                                                     "tlsf_malloc", "qmalloc", "q_malloc"};
  return is_one_of(name, known);
}

// Reads the long option in word `i`, and its value.
void take_long(const std::vector<std::string>& arguments, std::size_t& i,
               KamailioArguments& parsed) {
  const auto& word = arguments[i];
  const auto equals = word.find('=');
  const auto option = long_option_called(std::string_view(word).substr(2, equals - 2));
  if (!option) {
    parsed.refusal = "Unknown option code '0x0' (0). Use -h for help.";
    return;
  }
  if (!option->ends_with('=')) {
    parsed.tells = *option == "help"      ? KamailioArguments::Tells::help
                   : *option == "version" ? KamailioArguments::Tells::version
                                          : parsed.tells;
    return;
  }
  if (equals == std::string::npos && ++i == arguments.size()) {
    parsed.refusal = "Option code '0x400' (0) requires an argument. Use -h for help.";
    return;
  }
  parsed.refusal =
      refusal_of(*option, equals == std::string::npos ? arguments[i] : word.substr(equals + 1));
}

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

// Reads the letters of word `i`, and the value of the last of them.
void take_short(const std::vector<std::string>& arguments, std::size_t& i,
                KamailioArguments& parsed) {
  const auto& word = arguments[i];
  for (std::size_t j = 1; j < word.size(); ++j) {
    const char letter = word[j];
    if (without_value.find(letter) != std::string_view::npos) {
      take_flag(letter, parsed);
      continue;
    }
    if (with_value.find(letter) == std::string_view::npos) {
      parsed.refusal = std::string("Unknown option '-") + letter + "'. Use -h for help.";
      return;
    }
    Option option{.letter = letter, .value = word.substr(j + 1)};
    if (option.value.empty() && ++i == arguments.size()) {
      parsed.refusal =
          std::string("Option '-") + letter + "' requires an argument. Use -h for help.";
      return;
    }
    option.value = option.value.empty() ? arguments[i] : option.value;
    parsed.is_refused_silently |=
        (letter == 'x' || letter == 'X') && !is_memory_manager(option.value);
    parsed.refusal = refusal_of(option);
    take(option, parsed);
    return;
  }
}

}  // namespace

std::optional<KamailioListener> KamailioListener::parse(std::string_view text, int usual_port) {
  KamailioListener listener{.port = usual_port};
  for (const std::string_view protocol : {"udp:", "tcp:", "tls:", "sctp:"}) {
    if (text.starts_with(protocol)) {
      listener.protocol = protocol.substr(0, protocol.size() - 1);
      text.remove_prefix(protocol.size());
    }
  }
  const auto end_of_host = text.starts_with('[') ? text.find(']') + 1 : text.find(':');
  listener.host = text.substr(0, end_of_host);
  text.remove_prefix(listener.host.size());
  if (text.starts_with(':')) {
    const auto port = base::number_in<int>(text.substr(1));
    if (!port) {
      return std::nullopt;
    }
    listener.port = *port;
  }
  return listener;
}

KamailioArguments parse_kamailio_arguments(const std::vector<std::string>& arguments) {
  KamailioArguments parsed;
  if (arguments.size() > 1 && !is_option(arguments[1])) {
    parsed.refusal =
        "error: '" + arguments[1] + "' is not a supported argument\nerror: stopping kamailio ...";
    return parsed;
  }
  for (std::size_t i = 1; i < arguments.size() && parsed.refusal.empty(); ++i) {
    if (arguments[i] == "--") {
      break;
    }
    if (arguments[i].starts_with("--")) {
      take_long(arguments, i, parsed);
    } else if (is_option(arguments[i])) {  // Kamailio ignores other words
      take_short(arguments, i, parsed);
    }
  }
  return parsed;
}

}  // namespace sim
