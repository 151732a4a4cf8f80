#include "sim/fakes/fake.h"
#include "sim/programs/programs.h"

#include <memory>

int main(int argc, char** argv) {
  return sim::play_fake(argc, argv, [](const std::shared_ptr<const sim::Profile>& profile) {
    return sim::kamailio({profile, &profile->kamailio});
  });
}
