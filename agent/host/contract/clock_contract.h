#pragma once

#include "agent/host/clock.h"
#include "agent/host/contract/contract_test.h"

#include <functional>

namespace host::contract {

class ClockWorld {
 public:
  virtual ~ClockWorld() = default;

  [[nodiscard]] virtual Clock& clock() = 0;

  // Runs `act` while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

class ClockContract : public ContractTest<ClockWorld> {
 protected:
  [[nodiscard]] Clock& clock() { return world().clock(); }
};

}  // namespace host::contract
