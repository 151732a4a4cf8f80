#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace host::contract {

// How a suite gets the machine it runs on: a fresh one for every test. A header with suites is
// included by exactly one source file of a test program, which instantiates them.
template <typename World>
struct WorldFactory {
  std::string name;
  std::function<std::unique_ptr<World>()> make;

  friend std::ostream& operator<<(std::ostream& stream, const WorldFactory& factory) {
    return stream << factory.name;
  }
};

template <typename World>
class ContractTest : public testing::TestWithParam<WorldFactory<World>> {
 protected:
  void SetUp() override { world_ = this->GetParam().make(); }

  [[nodiscard]] World& world() { return *world_; }

 private:
  std::unique_ptr<World> world_;
};

// For claims that only show where root meets somebody else.
template <typename Base>
class NeedsRoot : public Base {
 protected:
  void SetUp() override {
    Base::SetUp();
    if (!this->world().has_root()) {
      GTEST_SKIP() << "only root can prepare this";
    }
  }
};

}  // namespace host::contract
