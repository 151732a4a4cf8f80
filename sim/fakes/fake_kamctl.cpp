#include "sim/actors/programs.h"
#include "sim/fakes/fake.h"

int main(int argc, char** argv) {
  return sim::play_fake(argc, argv,
                        [](const auto& profile) { return sim::kamctl(profile->kamctl); });
}
