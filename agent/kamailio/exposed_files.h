#pragma once

#include "agent/host/host.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// Warns of each file that the agent or Kamailio runs or loads as root and that others than root can
// change: the programs, conffile, and what kamctl sources, which is /etc/kamailio/kamctlrc, a
// kamctlrc beside kamctl and /root/.kamctlrc, whatever the parameter kamctlrc says (5.6.3,
// measured). It is no refusal, since such nodes run today. Modules and included files are not
// looked at. Nothing if the agent is not root.
void warn_of_exposed_files(const host::Host& host, const Parameters& parameters);

}  // namespace kamailio
