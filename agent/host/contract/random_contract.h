#pragma once

#include "agent/host/contract/contract_test.h"
#include "agent/host/random.h"

namespace host::contract {

class RandomWorld {
 public:
  virtual ~RandomWorld() = default;

  [[nodiscard]] virtual Random& random() = 0;
};

class RandomContract : public ContractTest<RandomWorld> {};

}  // namespace host::contract
