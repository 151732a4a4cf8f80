#include "sim/programs/sipsak_arguments.h"

#include "agent/base/number.h"
#include "sim/programs/names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {
namespace {

struct Option {
  char letter;
  std::string_view name;
  bool has_value;
};

constexpr std::array<Option, 8> options = {{{'s', "sip-uri", true},
                                            {'H', "hostname", true},
                                            {'E', "transport", true},
                                            {'D', "timeout-factor", true},
                                            {'Z', "timer-t1", true},
                                            {'v', "verbose", false},
                                            {'d', "ignore-redirects", false},
                                            {'V', "version", false}}};

class Parser {
 public:
  explicit Parser(Stage& me) : me_(me) {}

  SipsakArguments parse() {
    const auto& words = me_.arguments();
    for (std::size_t i = 1; i < words.size() && !arguments_.refusal; ++i) {
      const auto* const option = find(words[i]);
      if (option == nullptr) {
        refuse(words.front() + ": unrecognized option '" + words[i] +
               "'\nerror: unknown parameter '?'\n");
      } else if (option->letter == 'v') {
        arguments_.verbosity +=
            words[i].starts_with("--") ? 1 : static_cast<int>(words[i].size()) - 1;
      } else {
        take(*option, option->has_value && i + 1 < words.size() ? words[i + 1] : "");
        i += option->has_value ? 1U : 0U;
      }
    }
    if (!arguments_.refusal && !arguments_.only_tells_version) {
      finish();
    }
    return std::move(arguments_);
  }

 private:
  static const Option* find(const std::string& word) {
    const auto* const found = std::ranges::find_if(options, [&](const Option& option) {
      return word == "--" + std::string(option.name) ||
             (word.size() > 1 && word[0] == '-' && word[1] == option.letter);
    });
    return found == options.end() ? nullptr : found;
  }

  void refuse(std::string text) { arguments_.refusal = SipsakRefusal{.err = std::move(text)}; }

  void take(const Option& option, const std::string& value) {
    switch (option.letter) {
      case 's':
        uri_ = value;
        break;
      case 'H':
        has_name_ = true;
        break;
      case 'E':
        arguments_.over_tcp = value == "tcp";
        if (value != "tcp" && value != "udp") {
          refuse("error: unsupported transport '" + value + "', supported values: udp, tcp\n");
        }
        break;
      case 'D':
        arguments_.timeout_factor = base::number_in<int>(value).value_or(arguments_.timeout_factor);
        break;
      case 'Z':
        arguments_.timer_t1 = std::chrono::milliseconds(
            base::number_in<int>(value).value_or(static_cast<int>(arguments_.timer_t1.count())));
        break;
      case 'd':
        arguments_.follows_redirects = false;
        break;
      case 'V':
        arguments_.only_tells_version = true;
        break;
      default:
        break;
    }
  }

  void finish() {
    if (uri_.empty()) {
      refuse("error: a SIP URI is needed at least\n");
    } else if (const auto name = me_.host_name(); !has_name_ && !ipv4_address_of(me_, name)) {
      refuse("error: cannot resolve local hostname: " + name + "\n");
    } else {
      arguments_.refusal = find_target(me_, uri_, arguments_.target);
    }
  }

  Stage& me_;
  SipsakArguments arguments_;
  std::string uri_;
  bool has_name_ = false;
};

}  // namespace

SipsakArguments parse_sipsak_arguments(Stage& me) { return Parser(me).parse(); }

// It does not support IPv6: the text after the first colon is the port.
std::optional<SipsakRefusal> find_target(Stage& me, const std::string& uri, SipTarget& target) {
  constexpr std::string_view scheme = "sip:";
  if (!uri.starts_with(scheme)) {
    return SipsakRefusal{.err = "error: missing scheme in SIP URI\n"};
  }
  std::string place = uri.substr(scheme.size());
  place = place.substr(place.find('@') == std::string::npos ? 0 : place.find('@') + 1);
  const auto colon = place.find(':');
  SipsakRefusal refusal;
  if (colon != std::string::npos) {
    const std::string text = place.substr(colon + 1);
    const auto port = base::number_in<unsigned>(text);
    constexpr std::uint16_t usual_port = 5060;
    target.port = port.value_or(0) == 0 ? usual_port : static_cast<std::uint16_t>(*port);
    if (!port) {
      refusal.err =
          "error: string is not a number: '" + text + "'\nerror: invalid remote port: -2\n";
    } else if (*port > std::numeric_limits<std::uint16_t>::max()) {
      refusal.err = "error: invalid remote port: " + text + "\n";
    }
  }
  const std::string host = place.substr(0, colon);
  const auto address = ipv4_address_of(me, host);
  target.uri = uri;
  target.address = address.value_or("");
  if (!address) {
    refusal.out = "'" + host + "' is unresolvable\n";
  } else if (refusal.err.empty()) {
    return std::nullopt;
  }
  return refusal;
}

}  // namespace sim
