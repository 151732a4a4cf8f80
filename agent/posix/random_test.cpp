#include "agent/posix/random.h"

#include "agent/host/contract/random_contract.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

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

namespace posix {
namespace {

// Whether each bit of many numbers varies as a random one does, and no number occurs twice.
bool looks_random(PosixRandom& random) {
  constexpr int draws = 1000;
  constexpr int least = 350;  // ten standard deviations below a half
  std::array<int, 64> set = {};
  std::set<std::uint64_t> numbers;
  for (int draw = 0; draw < draws; ++draw) {
    const auto number = random.next();
    numbers.insert(number);
    for (unsigned bit = 0; bit < set.size(); ++bit) {
      set.at(bit) += static_cast<int>(number >> bit & 1U);
    }
  }
  return numbers.size() == draws &&
         std::ranges::all_of(set, [](int count) { return count > least && count < draws - least; });
}

TEST(PosixRandomTest, DrawsFromTheDeviceWhereTheCallFails) {
  for (const int failure : {ENOSYS, EIO, EAGAIN, EINTR}) {
    EXPECT_EQ(testing::result_in_child([&] {
                testing::refuse_calls({SYS_getrandom}, failure);
                PosixRandom random;
                return looks_random(random) ? 7 : 1;
              }),
              7)
        << failure;
  }
}

// As in a chroot without /dev.
TEST(PosixRandomTest, DrawsFromItsStartWhereTheDeviceIsMissing) {
  EXPECT_EQ(testing::result_in_child([] {
              testing::refuse_calls({SYS_getrandom, SYS_openat}, ENOSYS);
              PosixRandom random;
              PosixRandom another;
              return looks_random(random) && another.next() != random.next() ? 7 : 1;
            }),
            7);
}

// The start of this program is the same for both.
TEST(PosixRandomTest, DiffersBetweenTwoProcessesWithTheSameStart) {
  testing::TestDirectory directory;
  const auto draw_to = [&](const std::string& path) {
    return testing::result_in_child([&] {
      const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
      testing::refuse_calls({SYS_getrandom, SYS_openat}, ENOSYS);
      PosixRandom random;
      const auto number = random.next();
      return ::write(file.get(), &number, sizeof number) == sizeof number ? 7 : 1;
    });
  };
  ASSERT_EQ(draw_to(directory.path() + "/first"), 7);
  ASSERT_EQ(draw_to(directory.path() + "/second"), 7);
  EXPECT_NE(testing::text_of_file(directory.path() + "/first"),
            testing::text_of_file(directory.path() + "/second"));
}

}  // namespace
}  // namespace posix
