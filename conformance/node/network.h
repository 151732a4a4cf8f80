#pragma once

#include <string>
#include <vector>

namespace node {

// In a network namespace that was just made: brings up its loopback interface with 127.0.0.1, ::1
// and these addresses of IPv4. Throws std::system_error.
void make_network(const std::vector<std::string>& addresses);

}  // namespace node
