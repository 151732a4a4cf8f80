#pragma once

#include "sim/process/stage.h"

#include <optional>
#include <string>
#include <string_view>

namespace sim {

// Four numbers with dots between them.
[[nodiscard]] bool is_ipv4(std::string_view text);

// The IPv4 address of a host, from the machine's /etc/hosts, without DNS. An address stands for
// itself.
[[nodiscard]] std::optional<std::string> ipv4_address_of(Stage& me, const std::string& host);

}  // namespace sim
