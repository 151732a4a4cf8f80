#include "agent/posix/clock.h"

#include "agent/host/contract/clock_contract.h"
#include "agent/posix/testing/interruptions.h"

#include <memory>

namespace posix {
namespace {

class PosixClockWorld final : public host::contract::ClockWorld {
 public:
  host::Clock& clock() override { return clock_; }
  void while_signals_arrive(const std::function<void()>& act) override {
    const testing::Interruptions interruptions;
    act();
  }

 private:
  PosixClock clock_;
};

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<ClockWorld> posix_clock = {
    "posix", [] { return std::make_unique<posix::PosixClockWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, ClockContract, testing::Values(posix_clock));

}  // namespace host::contract
