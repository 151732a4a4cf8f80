#include "agent/host/contract/random_contract.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

namespace host::contract {

TEST_P(RandomContract, DoesNotRepeatItself) {
  constexpr std::size_t draws = 10'000;
  std::set<std::uint64_t> numbers;
  for (std::size_t draw = 0; draw < draws; ++draw) {
    numbers.insert(world().random().next());
  }
  EXPECT_EQ(numbers.size(), draws);
}

// Of 1000 draws, each bit is set in about 500; less than 350 would be ten standard deviations off.
TEST_P(RandomContract, UsesEveryBit) {
  for (int bit = 0; bit < 64; ++bit) {
    int set = 0;
    for (int draw = 0; draw < 1000; ++draw) {
      set += (world().random().next() >> bit & 1U) == 1 ? 1 : 0;
    }
    EXPECT_GT(set, 350) << bit;
    EXPECT_LT(set, 650) << bit;
  }
}

}  // namespace host::contract
