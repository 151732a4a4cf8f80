#include "agent/posix/random.h"

#include "agent/host/contract/random_contract.h"

#include <memory>

namespace host::contract {
namespace {

class PosixRandomWorld final : public RandomWorld {
 public:
  Random& random() override { return random_; }

 private:
  posix::PosixRandom random_;
};

const WorldFactory<RandomWorld> posix_random = {
    "posix", [] { return std::make_unique<PosixRandomWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, RandomContract, testing::Values(posix_random));

}  // namespace
}  // namespace host::contract
