#pragma once

#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"

#include <string>
#include <vector>

namespace kamailio {

// The first of its paths that exists. Errors: not_found, not_permitted (no execute permission); the
// text names the parameter and the path.
[[nodiscard]] host::Result<std::string> find_program(const host::Host& host,
                                                     const Program& program);

// The command line that starts the instance's daemon: binary, -P, -f, the -l options for proto,
// listen_address and port (with 127.0.0.1 beside listen_address, as the stock agent does), -u, -g,
// extra_options.
[[nodiscard]] std::vector<std::string> daemon_command(const std::string& binary,
                                                      const Parameters& parameters);

// The command line that makes Kamailio check the instance's configuration file.
[[nodiscard]] std::vector<std::string> config_check_command(const std::string& binary,
                                                            const Parameters& parameters);

// Returns the parameters with the primary group of kamuser if that is a number: Kamailio uses the
// primary group of a user given by name, but leaves a user given by number in root's group.
[[nodiscard]] Parameters with_group(const host::Host& host, Parameters parameters);

}  // namespace kamailio
