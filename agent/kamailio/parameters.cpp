#include "agent/kamailio/parameters.h"

#include "agent/kamailio/command_line.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/spec.h"
#include "agent/sip/uri.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

namespace kamailio {
namespace {

constexpr std::array<std::string_view, 6> standard_directories = {
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"};

// pcs and crm_resource cannot set an empty value; "none" replaces it where an empty value has a
// meaning.
constexpr std::string_view none = "none";

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return code < 0x20 || code == 0x7F;
  });
}

bool is_absolute(std::string_view path) {
  return path.starts_with('/') && !path.ends_with('/') && !has_control_characters(path);
}

std::ptrdiff_t place_in_table(std::string_view name) {
  const auto& table = agent_spec().parameters;
  return std::ranges::find(table, name, &ocf::ParameterSpec::name) - table.begin();
}

// Reads the values of one request and collects their errors.
class Reader {
 public:
  explicit Reader(const ocf::Request& request) : request_(request) {}

  ParsedParameters read() {
    Parameters values;
    values.binary = program("binary");
    values.conffile = path("conffile");
    values.pidfile = pidfile();
    values.probe = probe();
    values.monitoring_ip = monitoring_ip(values.probe);
    values.listen_address = listen_address();
    values.port = port();
    values.extra_options = extra_options();
    values.proto = proto();
    values.sipsak = program("sipsak");
    values.kamctl = program("kamctl");
    values.rpc = rpc();
    values.kamctlrc = kamctlrc();
    values.kamuser = account("kamuser");
    values.kamgroup = account("kamgroup");
    values.stop_grace = duration("stop_grace", given("stop_grace"));
    values.probe_timeout = duration("probe_timeout", filled("probe_timeout"));
    values.probe_accept = probe_accept(values.probe);
    values.probe_uri = probe_uri(values);
    values.watch = duration("watch", filled("watch"));
    values.watch_interval = watch_interval();
    values.watch_depth_interval = watch_depth_interval(values.watch);
    if (values.proto.listeners == Proto::Listeners::from_conffile) {
      std::erase_if(errors_, [](const auto& error) { return error.name == "listen_address"; });
    }
    do_without_what_is_wrong(values);
    std::ranges::stable_sort(errors_, {},
                             [](const auto& error) { return place_in_table(error.name); });
    return {.values = std::move(values), .errors = std::move(errors_)};
  }

 private:
  // An invalid parameter of a health check must neither make it fail nor end calls.
  void do_without_what_is_wrong(Parameters& values) const {
    const auto is_wrong = [&](std::string_view name) {
      return std::ranges::find(errors_, name, &ParameterError::name) != errors_.end();
    };
    if (is_wrong("probe_accept")) {
      values.probe_accept = *parse_accepted_replies("any");
    }
    if (is_wrong("kamctl") || is_wrong("kamctlrc")) {
      values.kamctlrc.clear();
    }
    constexpr std::array<std::string_view, 4> how_to_ask = {"monitoring_ip", "sipsak", "probe",
                                                            "probe_uri"};
    if (std::ranges::any_of(how_to_ask, is_wrong)) {
      values.probe = Probe::none;
    }
  }

  // What the user set; nothing if it is not set.
  [[nodiscard]] std::optional<std::string> given(std::string_view name) const {
    const auto found = request_.parameters.find(name);
    return found == request_.parameters.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::string given_or_default(std::string_view name) const {
    return given(name).value_or(parameter_spec(name).default_value.value_or(""));
  }

  void refuse(std::string_view name, std::string_view value, std::string_view allowed) {
    errors_.push_back(
        {.name = std::string(name), .text = say<Reason::parameter_bad>(name, value, allowed)});
  }

  std::string path(std::string_view name, std::string_view allowed = "expected an absolute path") {
    std::string value = given_or_default(name);
    if (!is_absolute(value)) {
      refuse(name, value, allowed);
    }
    return value;
  }

  Program program(std::string_view name) {
    const std::string documented = path(name);
    Program program{.parameter = std::string(name), .places = {documented}};
    if (!given(name)) {
      const std::string file = documented.substr(documented.rfind('/'));
      for (const auto directory : standard_directories) {
        if (std::string place = std::string(directory) + file; place != documented) {
          program.places.push_back(std::move(place));
        }
      }
    }
    return program;
  }

  PidFilePath pidfile() {
    if (given("pidfile").value_or("").empty()) {
      return {.path = "/var/run/kamailio_" + request_.instance + "/kamailio.pid",
              .origin = PidFilePath::Origin::default_path};
    }
    return {.path = path("pidfile"), .origin = PidFilePath::Origin::user};
  }

  IpAddress monitoring_ip(Probe probe) {
    const auto value = given_or_default("monitoring_ip");
    const auto address = parse_ip_address(value);
    if (!address) {
      refuse("monitoring_ip", value,
             "expected an IPv4 address, such as 127.0.0.1, or with probe=builtin also an IPv6 "
             "address without brackets");
    } else if (address->family == IpAddress::Family::ipv6 && probe == Probe::sipsak) {
      refuse("monitoring_ip", value,
             "sipsak does not support IPv6: set probe=builtin, or use an IPv4 address, such as "
             "127.0.0.1, "
             "on which Kamailio listens too unless proto is conf_*");
    }
    return address.value_or(IpAddress{});
  }

  std::optional<IpAddress> listen_address() {
    const auto value = given("listen_address");
    auto address = parse_ip_address(value.value_or(""));
    if (!value) {
      errors_.push_back({.name = "listen_address", .text = say<Reason::listen_address_not_set>()});
    } else if (!address) {
      refuse("listen_address", *value,
             "expected one IPv4 or IPv6 address, such as 192.0.2.1 or 2001:db8::1, not a name, and "
             "without "
             "brackets, prefix length (/24) or port");
    }
    return address;
  }

  std::uint16_t port() {
    constexpr long highest = 65535;
    const auto value = given_or_default("port");
    const auto number = ocf::parse_number(value);
    if (!number || *number < 1 || *number > highest) {
      refuse("port", value, "expected a number from 1 to 65535");
      return 0;
    }
    return static_cast<std::uint16_t>(*number);
  }

  std::vector<std::string> extra_options() {
    const auto value = given_or_default("extra_options");
    auto words = split_words(value);
    if (!words) {
      refuse("extra_options", value, words.error().text + "; expected words quoted as in a shell");
      return {};
    }
    // With these options Kamailio would not become this instance's daemon. -DDD is the default.
    const auto options = read_options(*words);
    const auto ds = std::ranges::count(options, "D", &Option::name);
    std::set<std::size_t> refused;
    for (const auto& [name, ignored, word] : options) {
      const bool is_refused = name == "P" || name == "c" || (name == "D" && ds < 3);
      if (is_refused && refused.insert(word).second) {
        refuse("extra_options", value,
               (*words)[word] +
                   " is not allowed: the PID file is set by pidfile, and Kamailio has to start "
                   "as a daemon");
      }
    }
    return *std::move(words);
  }

  // What the user set; nothing if it is not set, or empty.
  [[nodiscard]] std::optional<std::string> filled(std::string_view name) const {
    auto value = given(name);
    return value == "" ? std::nullopt : value;
  }

  // Returns a word that the table allows; empty if it is not one of them.
  std::string option(std::string_view name, std::string value) {
    const auto& allowed = parameter_spec(name).options;
    if (std::ranges::find(allowed, value) != allowed.end()) {
      return value;
    }
    std::string names;
    for (const auto& word : allowed) {
      names += (names.empty() ? "" : ", ") + word;
    }
    refuse(name, value, "expected one of " + names);
    return {};
  }

  Probe probe() {
    const auto value = filled("probe").value_or(*parameter_spec("probe").default_value);
    return option("probe", value) == "sipsak" ? Probe::sipsak : Probe::builtin;
  }

  Proto proto() {
    constexpr std::string_view from_conffile = "conf_";
    const auto value = option("proto", given_or_default("proto"));
    Proto proto;
    std::string_view transports = value;
    if (transports.starts_with(from_conffile)) {
      proto.listeners = Proto::Listeners::from_conffile;
      transports.remove_prefix(from_conffile.size());
    }
    for (const auto transport : {Transport::udp, Transport::tcp}) {
      if (transports.find(name_of(transport)) != std::string_view::npos) {
        proto.transports.push_back(transport);
      }
    }
    return proto;
  }

  std::string account(std::string_view name) {
    auto value = given_or_default(name);
    if (has_control_characters(value) || value.find_first_of(" :/") != std::string::npos) {
      refuse(name, value, "expected a name or number without blanks, ':' or '/'");
    }
    return value;
  }

  std::optional<std::chrono::milliseconds> duration(std::string_view name,
                                                    const std::optional<std::string>& value) {
    const auto duration = value ? parse_duration(*value) : std::nullopt;
    if (value && !duration) {
      refuse(name, *value, "expected a time from 1ms to 24h, such as 20, 20s, 1500ms or 2min");
    }
    return duration;
  }

  // More often, the checks would be a load of their own.
  std::chrono::milliseconds watch_interval() {
    constexpr std::chrono::milliseconds shortest(100);
    const auto value = filled("watch_interval");
    const auto interval =
        parse_duration(value.value_or(*parameter_spec("watch_interval").default_value));
    if (!interval || *interval < shortest) {
      refuse("watch_interval", *value, "expected a time from 100ms to 24h, such as 1s");
      return std::chrono::seconds(1);
    }
    return *interval;
  }

  std::optional<std::chrono::milliseconds> watch_depth_interval(
      std::optional<std::chrono::milliseconds> watch) {
    const auto value = filled("watch_depth_interval");
    const auto interval = duration("watch_depth_interval", value);
    if (!watch) {
      return std::nullopt;  // as it is left when watch is unset
    }
    if (interval && *interval > *watch) {
      refuse("watch_depth_interval", *value, "expected at most the time of watch");
      return std::nullopt;
    }
    return interval;
  }

  // The defaults match each probe's usual behaviour: sipsak accepts any 2xx.
  AcceptedReplies probe_accept(Probe probe) {
    const auto value = filled("probe_accept");
    if (!value && probe == Probe::sipsak) {
      return {.ranges = {{.first = 200, .last = 299}}, .text = "a 200 or another 2xx reply"};
    }
    auto accepted =
        parse_accepted_replies(value.value_or(*parameter_spec("probe_accept").default_value));
    if (!accepted) {
      refuse("probe_accept", *value,
             "expected final status codes from 200 to 699 and classes from 2xx to 6xx, separated "
             "by commas, such as 200 or 2xx,404, or any");
    }
    return accepted.value_or(AcceptedReplies{});
  }

  std::string probe_uri(const Parameters& values) {
    auto value = filled("probe_uri").value_or("");
    if (value.empty()) {
      return "sip:monitor@" + values.monitoring_ip.as_host() + ":" + std::to_string(values.port);
    }
    const auto place = values.monitoring_ip.as_host() + ":" + std::to_string(values.port);
    if (values.probe == Probe::sipsak && !value.ends_with("@" + place) && value != "sip:" + place) {
      refuse(
          "probe_uri", value,
          "sipsak sends its requests to the host and port in the URI: set probe=builtin, or a URI "
          "that ends in @" +
              place);
    } else if (!sip::is_request_uri(value)) {
      refuse("probe_uri", value,
             "expected a SIP URI without headers, such as sip:monitor@example.com");
    }
    return value;
  }

  std::optional<host::Endpoint> rpc() {
    using Kind = host::Endpoint::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 2> schemes = {
        {{"unixd:", Kind::unix_datagram}, {"unixs:", Kind::unix_stream}}};
    const auto value = given("rpc").value_or("");
    if (value.empty() || value == none) {
      return std::nullopt;
    }
    for (const auto& [scheme, kind] : schemes) {
      if (value.starts_with(scheme)) {
        const auto path = value.substr(scheme.size());
        if (is_absolute(path) && path.size() <= host::longest_socket_path) {
          return host::Endpoint{.kind = kind, .address = path};
        }
      }
    }
    refuse("rpc", value,
           "expected unixd:/path of jsonrpcs' dgram_socket or unixs:/path of ctl's binrpc, with an "
           "absolute path of at most 107 bytes");
    return std::nullopt;
  }

  std::string kamctlrc() {
    const auto value = given("kamctlrc");
    const bool has_rpc = filled("rpc").value_or(std::string(none)) != none;
    return value == "" || value == none || (!value && has_rpc)
               ? std::string()
               : path("kamctlrc", "expected an absolute path, or none");
  }

  const ocf::Request& request_;
  std::vector<ParameterError> errors_;
};

ocf::Outcome refusal_of(const std::vector<const ParameterError*>& errors) {
  ocf::Outcome outcome{.code = ocf::ExitCode::not_configured};
  for (const auto* const error : errors) {
    add_reason(outcome.reason, error->text);
  }
  return outcome;
}

std::vector<ParameterError> those_that_are(ocf::Reloadable reloadable,
                                           const std::vector<ParameterError>& errors) {
  std::vector<ParameterError> chosen;
  std::ranges::copy_if(errors, std::back_inserter(chosen), [&](const auto& error) {
    return parameter_spec(error.name).reloadable == reloadable;
  });
  return chosen;
}

}  // namespace

std::string_view name_of(Transport transport) {
  return transport == Transport::udp ? "udp" : "tcp";
}

ParsedParameters parse_parameters(const ocf::Request& request) { return Reader(request).read(); }

std::span<const std::string_view> identity_parameters() {
  static constexpr std::array<std::string_view, 2> names = {"binary", "pidfile"};
  return names;
}

std::span<const std::string_view> monitoring_parameters() {
  static constexpr std::array<std::string_view, 4> names = {"binary", "pidfile", "port", "proto"};
  return names;
}

std::optional<ocf::Outcome> refusal(const std::vector<ParameterError>& errors) {
  std::vector<const ParameterError*> all;
  for (const auto& error : errors) {
    all.push_back(&error);
  }
  return all.empty() ? std::nullopt : std::optional(refusal_of(all));
}

std::optional<ocf::Outcome> refusal(const std::vector<ParameterError>& errors,
                                    std::span<const std::string_view> names) {
  std::vector<const ParameterError*> chosen;
  for (const auto& error : errors) {
    if (std::ranges::find(names, error.name) != names.end()) {
      chosen.push_back(&error);
    }
  }
  return chosen.empty() ? std::nullopt : std::optional(refusal_of(chosen));
}

std::optional<ocf::Outcome> refusal_of_lasting(const std::vector<ParameterError>& errors) {
  return refusal(those_that_are(ocf::Reloadable::no, errors));
}

std::string text_of_reloadable(const std::vector<ParameterError>& errors) {
  const auto refused = refusal(those_that_are(ocf::Reloadable::yes, errors));
  return refused ? refused->reason : std::string();
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using std::chrono::milliseconds;
  constexpr std::array<std::pair<std::string_view, long>, 8> units = {{{"", 1000},
                                                                       {"ms", 1},
                                                                       {"s", 1000},
                                                                       {"sec", 1000},
                                                                       {"m", 60'000},
                                                                       {"min", 60'000},
                                                                       {"h", 3'600'000},
                                                                       {"hr", 3'600'000}}};
  constexpr long longest_ms = 24L * 3'600'000;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = ocf::parse_number(text.substr(0, digits));
  const auto* const unit =
      std::ranges::find(units, text.substr(digits), &decltype(units)::value_type::first);
  if (!number || unit == units.end() || *number < 1 || *number > longest_ms / unit->second) {
    return std::nullopt;
  }
  return milliseconds(*number * unit->second);
}

}  // namespace kamailio
