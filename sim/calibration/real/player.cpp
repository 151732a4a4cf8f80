#include "sim/calibration/real/player.h"

#include "sim/calibration/real/program.h"
#include "sim/calibration/real/sockets.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Long enough to be sure that nothing more comes of it.
constexpr Duration unchanged_for = 300ms;
constexpr Duration settles_within = 5s;

// Longer than anything takes that ends by itself.
constexpr Duration longest = 120s;

struct Act {
  const Situation& situation;
  const SetUp& set_up;

  host::Result<Observation> operator()(const Run& run) const {
    const Program program;
    auto ended = program.run({.arguments = set_up.resolved(run.arguments),
                              .environment = set_up.environment(),
                              .user = set_up.user(),
                              .lasts = situation.lasts.value_or(longest)});
    if (!ended) {
      return tl::unexpected(ended.error());
    }
    Observation observation{.ending = std::move(ended->ending), .took = ended->took};
    observation.leaves = settle(set_up.surroundings(), unchanged_for, settles_within).leaves;
    observation.out = program.out();
    observation.err = program.err();
    return observation;
  }

  host::Result<Observation> operator()(const Signal& signal) const {
    const auto begin = Clock::now();
    if (auto sent = send(signal, set_up.surroundings()); !sent) {
      return tl::unexpected(sent.error());
    }
    const auto watched = situation.lasts.value_or(unchanged_for);
    auto settled = settle(set_up.surroundings(), watched, std::max(watched, settles_within));
    return Observation{.took = std::chrono::duration_cast<Duration>(settled.since - begin),
                       .leaves = std::move(settled.leaves)};
  }

  host::Result<Observation> operator()(const Ask& question) const {
    const auto begin = Clock::now();
    Observation observation{.ending = ask(question.at, situation.lasts.value_or(500ms))};
    observation.took = std::chrono::duration_cast<Duration>(Clock::now() - begin);
    observation.leaves = settle(set_up.surroundings(), unchanged_for, settles_within).leaves;
    return observation;
  }
};

}  // namespace

RealPlayer::RealPlayer(Programs programs) : programs_(std::move(programs)) {}

host::Result<Observation> RealPlayer::play(const Situation& situation) {
  ::umask(022);  // whatever that of the caller is: it shows in the modes of files
  SetUp set_up(programs_);
  for (const auto& given : situation.given) {
    if (auto done = set_up.add(given); !done) {
      return tl::unexpected(done.error());
    }
  }
  return std::visit(Act{.situation = situation, .set_up = set_up}, situation.action);
}

}  // namespace calibration
