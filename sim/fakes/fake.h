#pragma once

#include "sim/process/stage.h"
#include "sim/programs/profile.h"

#include <functional>
#include <memory>

namespace sim {

// Who an actor is played by, with a profile that it looks into as long as it lives.
using Actor = std::function<Life(std::shared_ptr<const Profile>)>;

// Plays an actor as this process. How it behaves stands in the file that the environment variable
// SIM_PROFILE names or, for programs that are started without an environment, in the file beside
// the program that has its name and ".profile.yaml"; without either it is healthy. A profile that
// cannot be read or understood, or wants what only the simulated machine can do, is told on
// standard error, and the exit code is 99.
//
// A server that runs reads a profile again that has been replaced (rename(2)); if the new one is
// wrong, it goes on with the old one.
//
// If there is a file with the program's name and ".signals", a line "PID SENDER SIGNAL" is appended
// for each signal that reaches the program and that it does not die of.
[[nodiscard]] int play_fake(int argc, char** argv, const Actor& actor);

}  // namespace sim
