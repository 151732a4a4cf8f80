#include "sim/fakes/fake.h"
#include "sim/programs/programs.h"

int main(int argc, char** argv) {
  return sim::play_fake(argc, argv,
                        [](const auto& profile) { return sim::kamctl(profile->kamctl); });
}
