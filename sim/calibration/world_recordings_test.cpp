#include "sim/calibration/compare.h"
#include "sim/calibration/exceptions.h"
#include "sim/calibration/recordings.h"
#include "sim/calibration/world_player.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

// Every situation, played by the actors in the simulated machine.

namespace calibration {
namespace {

struct Recorded {
  std::string program;
  Situation situation;

  friend void PrintTo(const Recorded& one, std::ostream* stream) {  // NOLINT: GoogleTest's name
    *stream << one.situation.says;
  }
};

std::vector<Recorded> all_recorded() {
  std::vector<Recorded> all;
  for (const auto* const program : {"kamailio", "kamctl", "sipsak"}) {
    const auto recordings =
        load_recordings(std::filesystem::path(RECORDINGS) / (std::string(program) + ".yaml"));
    if (!recordings) {
      throw std::runtime_error(recordings.error());
    }
    for (const auto& situation : recordings->situations) {
      all.push_back({.program = program, .situation = situation});
    }
  }
  return all;
}

std::vector<Exception> all_exceptions() {
  const auto file = std::filesystem::path(RECORDINGS) / "exceptions.yaml";
  const auto exceptions = read_exceptions(file, load_text(file).value());
  if (!exceptions) {
    throw std::runtime_error(exceptions.error().message());
  }
  return *exceptions;
}

class World : public ::testing::TestWithParam<Recorded> {};

TEST_P(World, IsAsRecorded) {
  const auto& situation = GetParam().situation;
  const auto seen = WorldPlayer().play(situation);
  ASSERT_TRUE(seen) << seen.error().text;
  const auto judgement =
      judge(compare(*situation.facts, *seen),
            exceptions_for(all_exceptions(), StandIn::world, GetParam().program, situation.id));
  for (const auto& difference : judgement.errors) {
    ADD_FAILURE() << situation.id << ": " << difference.field
                  << "\n  recorded:  " << difference.recorded
                  << "\n  seen:      " << difference.seen;
  }
  for (const auto& exception : judgement.needless) {
    ADD_FAILURE() << situation.id << " needs no exception any more: " << exception.reason;
  }
}

TEST(Exceptions, NameSituationsThatThereAre) {
  const auto recorded = all_recorded();
  for (const auto& exception : all_exceptions()) {
    EXPECT_TRUE(std::ranges::any_of(recorded,
                                    [&](const Recorded& one) {
                                      return one.program == exception.recordings &&
                                             one.situation.id == exception.id;
                                    }))
        << exception.recordings << ": " << exception.id;
  }
}

std::string name_of(const ::testing::TestParamInfo<Recorded>& recorded) {
  auto name = recorded.param.program + "_" + recorded.param.situation.id;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Recordings, World, ::testing::ValuesIn(all_recorded()), name_of);

}  // namespace
}  // namespace calibration
