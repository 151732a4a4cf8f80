#include "sim/fakes/fake.h"

#include "sim/stages/real_stage.h"

#include <string>
#include <vector>

namespace sim {

int play_fake(int argc, char** argv, const std::function<Life(const Profile&)>& actor) {
  RealStage stage(std::vector<std::string>(argv, argv + argc));
  return stage.play(actor(Profile{}));
}

}  // namespace sim
