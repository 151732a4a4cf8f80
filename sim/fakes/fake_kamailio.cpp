#include "sim/actors/kamailio.h"
#include "sim/fakes/fake.h"

#include <memory>

int main(int argc, char** argv) {
  return sim::play_fake(argc, argv, [](const sim::Profile& profile) {
    return sim::kamailio(std::make_shared<const sim::KamailioProfile>(profile.kamailio));
  });
}
