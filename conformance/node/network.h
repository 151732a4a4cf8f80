#pragma once

#include <string>
#include <vector>

namespace node {

// Brings up the loopback interface of a new network namespace with 127.0.0.1, ::1 and these IPv4
// addresses. Throws std::system_error.
void make_network(const std::vector<std::string>& addresses);

}  // namespace node
