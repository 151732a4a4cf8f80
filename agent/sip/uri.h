#pragma once

#include <string_view>

namespace sip {

// Whether a text can be the Request-URI of an OPTIONS request over UDP or TCP: a sip URI (RFC 3261,
// sections 19.1 and 25.1) with a host, with a valid port if it has one, and without headers, which
// are not allowed there (table 1 of 19.1.1). sips is not accepted: it is for TLS.
[[nodiscard]] bool is_request_uri(std::string_view text);

}  // namespace sip
