#pragma once

#include "conformance/scenario/evidence.h"

#include <string>
#include <vector>

namespace conformance {

// What conditions of the end ask for, on the node on which this runs.

// `accounts`: those that the conditions name.
[[nodiscard]] SeenFile see_file(const std::string& path, const std::vector<std::string>& accounts);

// Of a server with these processes, the main process first.
[[nodiscard]] SeenServer see_server(const std::vector<int>& pids,
                                    const std::vector<std::string>& accounts);

}  // namespace conformance
