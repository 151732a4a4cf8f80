#pragma once

#include "sim/process/stage.h"
#include "sim/programs/profile.h"

#include <functional>
#include <memory>

namespace sim {

// Creates the actor with a profile, which it reads as long as it lives.
using Actor = std::function<Life(std::shared_ptr<const Profile>)>;

// Runs an actor as this process. Its profile is the file in the environment variable SIM_PROFILE
// or, for programs that are started without an environment, the file beside the program with its
// name and ".profile.yaml"; without either the program is healthy. If the profile cannot be read,
// is invalid, or needs the simulated machine, the program prints the error and exits with 99.
//
// A running server reads a profile again after it was replaced (rename(2)); if the new one is
// invalid, the server keeps the old one.
//
// If there is a file with the program's name and ".signals", the program appends a line "PID SENDER
// SIGNAL" for each received signal that does not end it.
[[nodiscard]] int play_fake(int argc, char** argv, const Actor& actor);

}  // namespace sim
