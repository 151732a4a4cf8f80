#pragma once

#include "agent/host/host.h"

namespace kamailio {

// Writes a warning to the log if systemd starts the distribution's kamailio.service at boot: it
// takes ports and RPC sockets from the instances.
void warn_of_own_service(const host::Host& host);

}  // namespace kamailio
