#include "sim/host/random.h"

#include "agent/host/contract/random_contract.h"

#include <gtest/gtest.h>

#include <memory>

namespace sim {
namespace {

class SimRandomWorld final : public host::contract::RandomWorld {
 public:
  host::Random& random() override { return random_; }

 private:
  SeededRandom seeded_{1};
  SimRandom random_{seeded_};
};

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<RandomWorld> sim_random = {
    "sim", [] { return std::make_unique<sim::SimRandomWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, RandomContract, testing::Values(sim_random));

}  // namespace host::contract
