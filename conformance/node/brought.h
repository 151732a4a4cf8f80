#pragma once

#include <string>

namespace node {

// The path of a part of the suite: "agent", "fixtures", "fakes", "timers". In a build tree it lies
// in home/ beside the executable, installed in ../lib/ocf-conformance or ../share/ocf-conformance.
// Symbolic links are followed. If it does not exist, the first of these paths.
[[nodiscard]] std::string brought(const std::string& name);

}  // namespace node
