#pragma once

#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace kamailio {

// Whether this node has what the instance needs: programs, files, accounts, privileges. Returns the
// path of Kamailio's binary. Unexpected: everything that is missing in one reason, with the code of
// the first. not_installed: binary, sipsak, kamctl or the kamctlrc file is missing.
// invalid_arguments: no conffile, unknown user or group. not_permitted: it is there, but not for
// this user.
[[nodiscard]] tl::expected<std::string, ocf::Outcome> inspect_node(const host::Host& host,
                                                                   const Parameters& parameters);

// Warns of each file that the agent or Kamailio runs or loads as root and that others than root can
// change: the programs, conffile, and what kamctl sources, which is /etc/kamailio/kamctlrc, a
// kamctlrc beside kamctl and /root/.kamctlrc, whatever the parameter kamctlrc says (5.6.3,
// measured). It is no refusal, since such nodes run today. Modules and included files are not
// looked at. Nothing if the agent is not root.
void warn_of_exposed_files(const host::Host& host, const Parameters& parameters);

// Writes a warning to the log if systemd starts the distribution's kamailio.service at boot: it
// takes ports and RPC sockets from the instances.
void warn_of_own_service(const host::Host& host);

}  // namespace kamailio
