#pragma once

#include <map>
#include <string>

namespace ocf {

// The environment variables of this run, as main() found them.
using Environment = std::map<std::string, std::string>;

}  // namespace ocf
