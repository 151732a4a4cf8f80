#pragma once

#include "agent/host/file_system.h"
#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"

#include <optional>

namespace kamailio {

// To be called only when no process of the instance lives.

// Removes what is left of the PID file. Success if there is none. Error: it cannot be removed, or
// what is there is no PID file: no regular file, more than 64 bytes at a path that the user named,
// or reached through a symbolic link that is not to be trusted. Then it is left alone.
[[nodiscard]] host::Result<void> remove_pid_file(const host::Host& host,
                                                 const PidFilePath& pidfile);

// Removes the default directory of the PID file if it is empty.
[[nodiscard]] host::Result<void> remove_pid_directory(const host::Host& host,
                                                      const PidFilePath& pidfile);

// Makes the directory of the PID file if there is none. The default one belongs to root alone:
// Kamailio, still root, opens its PID file there, follows links, and gives away what it has opened
// (5.6.3, measured), so any user who can write there could overwrite and own any file. It is taken
// back from another user, to whom older versions and the stock agent gave it.
[[nodiscard]] host::Result<void> prepare_pid_directory(const host::Host& host,
                                                       const PidFilePath& pidfile);

// Who else than root can put something in the place of the PID file. Nothing if the agent is not
// root, since then Kamailio is not, either.
[[nodiscard]] host::Result<std::optional<host::Exposure>> exposure_of_pid_file(
    const host::Host& host, const PidFilePath& pidfile);

}  // namespace kamailio
