#include "conformance/report/page/chart.h"

#include "conformance/report/words.h"

#include <algorithm>
#include <map>
#include <ratio>
#include <set>
#include <string_view>
#include <utility>

namespace conformance {
namespace {

constexpr double left = 3;
constexpr double right = 97;
constexpr double closest_marks = 3;
constexpr double closest_ticks = 17;
constexpr std::size_t most_lanes = 10;

using Places = std::map<host::Duration, double>;

Places places_of(const std::vector<Event>& events) {
  Places places;
  for (const auto& event : events) {
    places[event.at] = left;
  }
  if (places.size() < 2) {
    return places;
  }
  using Number = std::chrono::duration<double, std::nano>;
  const auto first = places.begin()->first;
  const Number all = places.rbegin()->first - first;
  const auto steps = static_cast<double>(places.size() - 1);
  double step = 0;
  for (auto& [at, place] : places) {
    place = left + (right - left) * (Number(at - first) / all + step / steps) / 2;
    step += 1;
  }
  return places;
}

// "kamailio" of "kamailio[102]"
std::string program_of(const std::string& who) {
  const auto bracket = who.find('[');
  return bracket == std::string::npos || bracket == 0 ? who : who.substr(0, bracket);
}

Chart::Kind kind_of(std::string_view program) {
  if (program == "cluster") {
    return Chart::Kind::cluster;
  }
  return program == "agent" ? Chart::Kind::agent : Chart::Kind::other;
}

// Which lane everybody has, by name, and what is written on it.
class Lanes {
 public:
  explicit Lanes(const std::vector<Event>& events) {
    std::set<std::string> all;
    for (const auto& event : events) {
      all.insert(event.who);
      sharers_[program_of(event.who)].insert(event.who);
    }
    shares_ = all.size() > most_lanes;
  }

  [[nodiscard]] std::string name(const std::string& who) const {
    const auto program = program_of(who);
    const auto sharers = sharers_.at(program).size();
    return shares_ && sharers > 1 ? program + " (" + std::to_string(sharers) + ")" : who;
  }

 private:
  std::map<std::string, std::set<std::string>> sharers_;
  bool shares_ = false;
};

void add_mark(Chart::Lane& lane, double at, std::size_t index, bool is_wanting) {
  if (lane.marks.empty() || at - lane.marks.back().at >= closest_marks) {
    lane.marks.push_back({.at = at});
  }
  auto& mark = lane.marks.back();
  mark.events.push_back(index);
  mark.is_wanting = mark.is_wanting || is_wanting;
}

// What overlaps becomes one.
std::vector<Chart::Bar> united(std::vector<Chart::Bar> bars) {
  std::ranges::sort(bars, {}, &Chart::Bar::from);
  std::vector<Chart::Bar> made;
  for (const auto& bar : bars) {
    if (!made.empty() && bar.from <= made.back().to) {
      made.back().to = std::max(made.back().to, bar.to);
    } else {
      made.push_back(bar);
    }
  }
  return made;
}

std::vector<Chart::Tick> ticks_of(const Places& places) {
  std::vector<Chart::Tick> ticks;
  for (const auto& [at, place] : places) {
    const bool is_last = at == places.rbegin()->first;
    const bool has_room = ticks.empty() || place - ticks.back().at >= closest_ticks;
    if (has_room && (is_last || ticks.empty() || right - place >= closest_ticks)) {
      ticks.push_back({.at = place, .text = seconds(at)});
    }
  }
  return ticks;
}

}  // namespace

Chart chart_of(const std::vector<Event>& events) {
  Chart chart;
  const auto places = places_of(events);
  const Lanes names(events);
  std::map<std::string, std::size_t> lanes;
  std::map<std::string, Chart::Bar> bars;  // by who
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& event = events[i];
    const auto name = names.name(event.who);
    const auto [lane, is_new] = lanes.emplace(name, chart.lanes.size());
    if (is_new) {
      chart.lanes.push_back({.name = name, .kind = kind_of(program_of(event.who))});
    }
    const double place = places.at(event.at);
    add_mark(chart.lanes[lane->second], place, i, event.is_wanting);
    bars.emplace(event.who, Chart::Bar{.from = place, .to = place}).first->second.to = place;
  }
  for (const auto& [who, bar] : bars) {
    chart.lanes[lanes.at(names.name(who))].bars.push_back(bar);
  }
  for (auto& lane : chart.lanes) {
    lane.bars = united(std::move(lane.bars));
  }
  chart.ticks = ticks_of(places);
  return chart;
}

}  // namespace conformance
