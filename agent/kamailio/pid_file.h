#pragma once

#include "agent/host/file_system.h"
#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"

#include <optional>

namespace kamailio {

// Call these functions only when no process of the instance is alive.

// Removes the PID file. Success if there is none. Error: it cannot be removed, or the file is not a
// PID file: it is not a regular file, has more than 64 bytes at a path that the user set, or is
// reached through a symbolic link that is not trusted. Then it is left alone.
[[nodiscard]] host::Result<void> remove_pid_file(const host::Host& host,
                                                 const PidFilePath& pidfile);

// Removes the default directory of the PID file if it is empty.
[[nodiscard]] host::Result<void> remove_pid_directory(const host::Host& host,
                                                      const PidFilePath& pidfile);

// Creates the directory of the PID file if it does not exist. The default one belongs to root
// alone: Kamailio, still root, opens its PID file there, follows links, and changes the owner of
// the opened file (5.6.3, measured), so any user who can write there could overwrite and own any
// file. If older versions or the stock agent have given the directory to another user, root becomes
// its owner again.
[[nodiscard]] host::Result<void> prepare_pid_directory(const host::Host& host,
                                                       const PidFilePath& pidfile);

// Who other than root can replace the PID file. Nothing if the agent is not root, since then
// Kamailio is not root either.
[[nodiscard]] host::Result<std::optional<host::Exposure>> exposure_of_pid_file(
    const host::Host& host, const PidFilePath& pidfile);

}  // namespace kamailio
