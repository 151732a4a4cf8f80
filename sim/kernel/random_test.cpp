#include "sim/kernel/random.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sim {
namespace {

TEST(SeededRandomTest, RepeatsItselfForTheSameSeed) {
  SeededRandom one(7);
  SeededRandom other(7);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(one.next(), other.next());
  }
}

TEST(SeededRandomTest, DiffersForAnotherSeed) {
  EXPECT_NE(SeededRandom(7).next(), SeededRandom(8).next());
}

// The standard specifies the 10,000th number of the engine with its default seed.
TEST(SeededRandomTest, IsTheSameOnEveryMachine) {
  SeededRandom random(5489);
  std::uint64_t last = 0;
  for (int i = 0; i < 10'000; ++i) {
    last = random.next();
  }
  EXPECT_EQ(last, 9'981'545'732'273'789'042U);
}

TEST(SeededRandomTest, StaysBelowTheLimitAndReachesAllBelowIt) {
  SeededRandom random(1);
  unsigned seen = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto number = random.below(5);
    ASSERT_LT(number, 5U);
    seen |= 1U << number;
  }
  EXPECT_EQ(seen, 0b11111U);
}

TEST(SeededRandomTest, HappensAsOftenAsItSays) {
  SeededRandom random(1);
  int quarter = 0;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_FALSE(random.happens(0));
    EXPECT_TRUE(random.happens(1));
    quarter += random.happens(0.25) ? 1 : 0;
  }
  EXPECT_NEAR(quarter, 2500, 150);
}

}  // namespace
}  // namespace sim
