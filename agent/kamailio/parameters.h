#pragma once

#include "agent/host/network.h"
#include "agent/kamailio/accepted_replies.h"
#include "agent/kamailio/ip_address.h"
#include "agent/ocf/outcome.h"
#include "agent/ocf/request.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kamailio {

// A program that the agent runs, with the paths where it may be, best first. There is one path if
// the user set it; otherwise the documented default comes first, then the standard bin and sbin
// directories.
struct Program {
  std::string parameter;  // the name of the parameter that sets it
  std::vector<std::string> places;

  friend bool operator==(const Program&, const Program&) = default;
};

enum class Transport { udp, tcp };

[[nodiscard]] std::string_view name_of(Transport transport);

struct Proto {
  enum class Listeners { from_parameters, from_conffile };

  std::vector<Transport> transports;
  Listeners listeners = Listeners::from_parameters;

  friend bool operator==(const Proto&, const Proto&) = default;
};

// What sends the OPTIONS requests; none if a parameter that this depends on is invalid.
enum class Probe { none, sipsak, builtin };

struct PidFilePath {
  enum class Origin { default_path, user };

  std::string path;
  Origin origin = Origin::default_path;

  friend bool operator==(const PidFilePath&, const PidFilePath&) = default;
};

// The parameters of one instance, with types. The part of the health check for which a reloadable
// parameter is invalid is left out. The member of any other invalid parameter has no meaning.
struct Parameters {
  Program binary;
  std::string conffile;
  PidFilePath pidfile;
  IpAddress monitoring_ip;
  std::optional<IpAddress> listen_address;
  std::uint16_t port = 0;
  std::vector<std::string> extra_options;
  Proto proto;
  Program sipsak;
  Program kamctl;
  std::string kamctlrc;  // empty: no kamctl, the default if there is an RPC socket
  std::string kamuser;   // empty: not set
  std::string kamgroup;  // empty: not set
  std::optional<std::chrono::milliseconds> stop_grace;
  Probe probe = Probe::sipsak;
  std::optional<std::chrono::milliseconds> probe_timeout;
  AcceptedReplies probe_accept;
  std::string probe_uri;              // the Request-URI
  std::optional<host::Endpoint> rpc;  // a unix_datagram (JSON-RPC) or a unix_stream (binrpc)
  std::optional<std::chrono::milliseconds> watch;
  std::chrono::milliseconds watch_interval = std::chrono::seconds(1);
  std::optional<std::chrono::milliseconds> watch_depth_interval;
};

// "NAME=VALUE: what is allowed".
struct ParameterError {
  std::string name;
  std::string text;

  friend bool operator==(const ParameterError&, const ParameterError&) = default;
};

struct ParsedParameters {
  Parameters values;
  std::vector<ParameterError> errors;  // all of them, in the order of the table
};

[[nodiscard]] ParsedParameters parse_parameters(const ocf::Request& request);

// The parameters that define which processes belong to the instance: the only ones that stop needs.
[[nodiscard]] std::span<const std::string_view> identity_parameters();

// Those, and the other parameters that monitor needs and that are not reloadable.
[[nodiscard]] std::span<const std::string_view> monitoring_parameters();

// The outcome not_configured with all errors, or nothing if there are none; with `names`, only the
// errors of these parameters.
[[nodiscard]] std::optional<ocf::Outcome> refusal(const std::vector<ParameterError>& errors);
[[nodiscard]] std::optional<ocf::Outcome> refusal(const std::vector<ParameterError>& errors,
                                                  std::span<const std::string_view> names);

// refusal_of_lasting() is the same without the errors of reloadable parameters, and
// text_of_reloadable() has the texts of those; empty if there are none. Those parameters only
// affect checks and stop, so they are no reason to end calls.
[[nodiscard]] std::optional<ocf::Outcome> refusal_of_lasting(
    const std::vector<ParameterError>& errors);
[[nodiscard]] std::string text_of_reloadable(const std::vector<ParameterError>& errors);

// Parses a number with one of Pacemaker's units: ms, s or sec (also without a unit), m or min, h or
// hr. From 1 ms to a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace kamailio
