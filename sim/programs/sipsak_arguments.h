#pragma once

#include "sim/process/stage.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace sim {

// sip:USER@HOST:PORT, with the address of the host.
struct SipTarget {
  std::string uri;
  std::string address;
  std::uint16_t port = 5060;
};

// An error in a command line, and the stream on which sipsak prints it.
struct SipsakRefusal {
  std::string out = {};
  std::string err = {};
};

// The part of sipsak's command line that an agent uses.
struct SipsakArguments {
  SipTarget target;
  int verbosity = 0;
  bool over_tcp = false;
  bool follows_redirects = true;
  bool only_tells_version = false;
  std::chrono::milliseconds timer_t1{500};
  int timeout_factor = 64;
  std::optional<SipsakRefusal> refusal = {};
};

[[nodiscard]] SipsakArguments parse_sipsak_arguments(Stage& me);

[[nodiscard]] std::optional<SipsakRefusal> find_target(Stage& me, const std::string& uri,
                                                       SipTarget& target);

}  // namespace sim
