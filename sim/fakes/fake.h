#pragma once

#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

#include <functional>

namespace sim {

// Plays an actor as this process. How it behaves stands in the file that the environment variable
// SIM_PROFILE names or, for programs that are started without an environment, in the file beside
// the program that has its name and ".profile.yaml"; without either it is healthy. A profile that
// cannot be read or understood, or wants what only the simulated machine can do, is told on
// standard error, and the exit code is 99.
[[nodiscard]] int play_fake(int argc, char** argv,
                            const std::function<Life(const Profile&)>& actor);

}  // namespace sim
