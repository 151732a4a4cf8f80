#include "sim/calibration/play.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;

// Long enough to be sure that nothing more comes of it.
constexpr Duration unchanged_for = 300ms;
constexpr Duration settles_within = 10s;

// Longer than anything takes that ends by itself.
constexpr Duration longest = 120s;

struct Settled {
  Leaves leaves;
  host::TimePoint since;
};

// Looks around until nothing has changed for so long while nobody was busy, and says how it is then
// and since when. On a machine with much to do, it may take a while until a signal shows.
Settled settle(Ground& ground, Duration unchanged, Duration at_most) {
  constexpr Duration often = 25ms;  // enough looks, but no busy machine
  const auto look_every = std::clamp(unchanged / 50, often, 4 * often);
  const auto begin = ground.now();
  Settled settled{.leaves = leaves_in(ground.look_around()), .since = begin};
  for (auto quiet_since = begin;
       ground.now() < quiet_since + unchanged && ground.now() < begin + at_most;) {
    ground.wait(look_every);
    const auto census = ground.look_around();
    auto leaves = leaves_in(census);
    if (leaves != settled.leaves) {
      settled = {.leaves = std::move(leaves), .since = ground.now()};
      quiet_since = settled.since;
    } else if (is_busy(census)) {
      quiet_since = ground.now();
    }
  }
  return settled;
}

// To all receivers that there are; an error if there is none.
host::Result<void> send(const Signal& signal, Ground& ground) {
  const auto pids = receivers(signal.to, ground.look_around());
  if (pids.empty()) {
    return tl::unexpected(host::Error{.text = "no process of the server to signal"});
  }
  for (const int pid : pids) {
    ground.send(signal.number, pid);
  }
  return {};
}

// Makes the ground what the situation says, one thing after the other.
struct SetUp {
  Ground& ground;
  std::string& user;

  template <typename Thing>
  host::Result<void> operator()(const Thing& thing) const {
    return ground.make(thing);
  }

  host::Result<void> operator()(const Server& server) const {
    const auto ended = ground.run({.arguments = server.arguments, .lasts = 10s});
    if (!ended) {
      return tl::unexpected(ended.error());
    }
    if (ended->ending != Ending(Exited{0})) {
      std::string text = "the server that is given does not start";
      for (const auto& line : ground.printed().err) {
        text += "\n  " + line;
      }
      return tl::unexpected(host::Error{.text = std::move(text)});
    }
    static_cast<void>(settle(ground, 200ms, settles_within));
    return {};
  }

  host::Result<void> operator()(const Signal& signal) const {
    auto sent = send(signal, ground);
    static_cast<void>(settle(ground, unchanged_for, settles_within));
    return sent;
  }

  host::Result<void> operator()(const Variable& variable) const {
    ground.set(variable);
    return {};
  }

  host::Result<void> operator()(const User& who) const {
    user = who.name;
    return {};
  }
};

struct Act {
  const Situation& situation;
  Ground& ground;
  const std::string& user;

  host::Result<Observation> operator()(const Run& run) const {
    auto ended = ground.run(
        {.arguments = run.arguments, .user = user, .lasts = situation.lasts.value_or(longest)});
    if (!ended) {
      return tl::unexpected(ended.error());
    }
    Observation observation{.ending = std::move(ended->ending), .took = ended->took};
    observation.leaves = settle(ground, unchanged_for, settles_within).leaves;
    auto printed = ground.printed();
    observation.out = std::move(printed.out);
    observation.err = std::move(printed.err);
    return observation;
  }

  host::Result<Observation> operator()(const Signal& signal) const {
    const auto begin = ground.now();
    if (auto sent = send(signal, ground); !sent) {
      return tl::unexpected(sent.error());
    }
    const auto watched = situation.lasts.value_or(unchanged_for);
    auto settled = settle(ground, watched, std::max(watched, settles_within));
    return Observation{.took = std::chrono::duration_cast<Duration>(settled.since - begin),
                       .leaves = std::move(settled.leaves)};
  }

  host::Result<Observation> operator()(const Ask& question) const {
    const auto begin = ground.now();
    Observation observation{.ending = ground.ask(question.at, situation.lasts.value_or(500ms))};
    observation.took = std::chrono::duration_cast<Duration>(ground.now() - begin);
    observation.leaves = settle(ground, unchanged_for, settles_within).leaves;
    return observation;
  }
};

}  // namespace

host::Result<Observation> play(const Situation& situation, Ground& ground) {
  std::string user = "root";
  for (const auto& given : situation.given) {
    if (auto done = std::visit(SetUp{.ground = ground, .user = user}, given); !done) {
      return tl::unexpected(done.error());
    }
  }
  return std::visit(Act{.situation = situation, .ground = ground, .user = user}, situation.action);
}

}  // namespace calibration
