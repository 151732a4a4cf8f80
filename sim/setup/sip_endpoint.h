#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"

#include <tl/expected.hpp>

#include <string>

namespace sim {

// "udp:127.0.0.1:5060", "tcp:[::1]:5060": with IPv6 in brackets, as RFC 3261 has it. The error says
// what is wrong with the word, and what is allowed.
[[nodiscard]] tl::expected<host::Endpoint, std::string> endpoint_in(const std::string& word);
[[nodiscard]] std::string word_of(const host::Endpoint& endpoint);

// Sends one OPTIONS request. Returns the first line of what comes back until the deadline; without
// one "nothing", "refused", or the error.
[[nodiscard]] std::string ask_options(host::Network& network, const host::Endpoint& at,
                                      host::TimePoint deadline);

}  // namespace sim
