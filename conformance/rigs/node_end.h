#pragma once

#include "conformance/scenario/evidence.h"

#include <string>
#include <vector>

namespace conformance {

// Evidence on this node for the conditions at the end.

// `accounts`: those that the conditions name.
[[nodiscard]] SeenFile see_file(const std::string& path, const std::vector<std::string>& accounts);

// Evidence of a server with these processes, the main process first.
[[nodiscard]] SeenServer see_server(const std::vector<int>& pids,
                                    const std::vector<std::string>& accounts);

}  // namespace conformance
