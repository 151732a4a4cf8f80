#pragma once

#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// To be called only when no process of the instance lives.

// Removes what is left of the PID file. Success if there is none. Error: it cannot be removed, or
// what is there is no PID file: more than 64 bytes, no regular file, or reached through a symbolic
// link that is not to be trusted. Then it is left alone.
[[nodiscard]] host::Result<void> remove_pid_file(const host::Host& host,
                                                 const PidFilePath& pidfile);

// Removes the default directory of the PID file if it is empty.
void remove_pid_directory(const host::Host& host, const PidFilePath& pidfile);

// Makes the directory of the PID file for kamuser and kamgroup if there is none.
[[nodiscard]] host::Result<void> make_pid_directory(const host::Host& host,
                                                    const Parameters& parameters);

}  // namespace kamailio
