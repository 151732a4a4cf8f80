#pragma once

#include "agent/host/environment.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocf {

// OCF RA API 1.1, "Check Levels". A level that is not implemented means the next lower one.
enum class CheckLevel {
  lightest,  // 0: only processes; validate-all: only parameters
  normal,    // 10, and the default
  deepest,   // 20 and above
};

enum class Recurrence { once, recurring };

// The upper limit of a timeout and an interval; longer ones are reduced to it. Pacemaker accepts up
// to 2^63 - 1 milliseconds, and the clock counts nanoseconds in 63 bits.
inline constexpr std::chrono::milliseconds longest_timeout = std::chrono::hours(365L * 24);

// An error in the call itself.
struct RequestError {
  enum class Kind {
    other_ocf_version,  // OCF_RA_VERSION_MAJOR is not 1
    no_resource_name,   // OCF_RESOURCE_INSTANCE is not set, but OCF_RA_VERSION_MAJOR is
    bad_resource_name,  // it cannot be part of a path
    bad_check_level,    // OCF_CHECK_LEVEL of an action that has levels is not a number
  };

  Kind kind;
  std::string value = {};

  friend bool operator==(const RequestError&, const RequestError&) = default;
};

// The cluster's request: one action on one instance.
struct Request {
  std::string action;    // empty: none was given
  std::string instance;  // OCF_RESOURCE_INSTANCE
  CheckLevel check_level = CheckLevel::normal;
  std::chrono::milliseconds interval{0};  // OCF_RESKEY_CRM_meta_interval; 0: it does not recur
  bool is_notified = false;  // OCF_RESKEY_CRM_meta_notify: the cluster calls notify of this clone
  // OCF_RESKEY_CRM_meta_timeout: the time after which the cluster kills the agent. drbd-reactor,
  // predecessors of ocf-tester and people on a command line set none. At most `longest_timeout`.
  std::optional<std::chrono::milliseconds> timeout;
  // OCF_RESKEY_*, without the prefix and without the CRM_meta_* among them. Set but empty is not
  // the same as unset.
  std::map<std::string, std::string, std::less<>> parameters;
  // HA_RSCTMP: where agents keep what need not survive a reboot. An absolute path.
  std::string state_directory = "/run/resource-agents";
  // An action that uses the request fails with the first of these errors.
  std::vector<RequestError> errors;

  [[nodiscard]] Recurrence recurrence() const {
    return interval.count() == 0 ? Recurrence::once : Recurrence::recurring;
  }
};

// The action is the first argument; all others are ignored, as OCF 1.1 demands.
[[nodiscard]] Request parse_request(const std::vector<std::string>& arguments,
                                    const host::Environment& environment);

// A whole decimal number without sign, blanks or anything else.
[[nodiscard]] std::optional<long> parse_number(std::string_view text);

}  // namespace ocf
