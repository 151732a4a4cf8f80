#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"

#include <tl/expected.hpp>

#include <string>

namespace sim {

// Parses "udp:127.0.0.1:5060" or "tcp:[::1]:5060", with IPv6 in brackets as in RFC 3261. The error
// names the invalid part and the expected form.
[[nodiscard]] tl::expected<host::Endpoint, std::string> endpoint_in(const std::string& word);
[[nodiscard]] std::string word_of(const host::Endpoint& endpoint);

// Sends one OPTIONS request. Returns the first line of the response before the deadline; without a
// response "nothing", "refused", or the error.
[[nodiscard]] std::string ask_options(host::Network& network, const host::Endpoint& at,
                                      host::TimePoint deadline);

}  // namespace sim
