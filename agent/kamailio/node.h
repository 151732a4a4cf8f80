#pragma once

#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace kamailio {

// Checks whether this node has everything that the instance needs: programs, files, accounts,
// privileges. Returns the path of Kamailio's binary. Unexpected: everything that is missing in one
// reason, with the code of the first. not_installed: binary, sipsak, kamctl or the kamctlrc file is
// missing. invalid_arguments: conffile is missing, or the user or group is unknown. not_permitted:
// it exists, but this user may not use it.
[[nodiscard]] tl::expected<std::string, ocf::Outcome> inspect_node(const host::Host& host,
                                                                   const Parameters& parameters);

// Logs a warning for each file that the agent or Kamailio runs or loads as root and that users
// other than root can change: the programs, conffile, and the files that kamctl sources, which are
// /etc/kamailio/kamctlrc, a kamctlrc beside kamctl and /root/.kamctlrc, whatever the parameter
// kamctlrc is (5.6.3, measured). It is not an error, since such nodes run today. Modules and
// included files are not checked. Does nothing if the agent is not root.
void warn_of_exposed_files(const host::Host& host, const Parameters& parameters);

// Logs a warning if systemd starts the distribution's kamailio.service at boot: that takes ports
// and RPC sockets from the instances.
void warn_of_own_service(const host::Host& host);

}  // namespace kamailio
