#pragma once

#include "agent/host/contract/world_factory.h"
#include "agent/host/random.h"

namespace host::contract {

class RandomWorld {
 public:
  virtual ~RandomWorld() = default;

  [[nodiscard]] virtual Random& random() = 0;
};

class RandomContract : public ContractTest<RandomWorld> {};

}  // namespace host::contract
