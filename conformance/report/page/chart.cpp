#include "conformance/report/page/chart.h"

#include "conformance/report/words.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <ratio>
#include <set>
#include <string_view>
#include <utility>

namespace conformance {
namespace {

constexpr std::size_t most_events = 300;
constexpr std::size_t first_events = 200;

// A text, split at the first number in brackets.
struct Parts {
  std::string before;  // up to the bracket; all of a text without a number
  std::string number;
  std::string behind;
};

Parts parts_of(const std::string& text) {
  constexpr std::string_view digits = "0123456789";
  for (auto open = text.find('['); open != std::string::npos; open = text.find('[', open + 1)) {
    const auto close = text.find_first_not_of(digits, open + 1);
    if (close != std::string::npos && close > open + 1 && text[close] == ']') {
      return {.before = text.substr(0, open + 1),
              .number = text.substr(open + 1, close - open - 1),
              .behind = text.substr(close)};
    }
  }
  return {.before = text};
}

bool is_wanting(const Outcome& outcome, const TimelineLine& line) {
  return std::ranges::any_of(outcome.findings, [&](const Finding& finding) {
    return !finding.step.empty() && finding.step == line.what;
  });
}

// The events of one moment.
class Moment {
 public:
  void add(const TimelineLine& line, bool wanting) {
    auto [before, number, behind] = parts_of(line.what);
    const auto [place, is_new] =
        places_.emplace(std::pair(line.who, before + behind), events_.size());
    if (is_new) {
      events_.push_back({.at = line.at, .who = line.who, .what = line.what, .is_wanting = wanting});
      ends_.push_back(before.size() + number.size());
      return;
    }
    auto& event = events_[place->second];
    auto& end = ends_[place->second];
    ++event.lines;
    event.is_wanting = event.is_wanting || wanting;
    if (!number.empty()) {
      number.insert(0, ", ");
      event.what.insert(end, number);
      end += number.size();
    }
  }

  void move_to(std::vector<Event>& events) {
    std::ranges::move(events_, std::back_inserter(events));
    *this = {};
  }

 private:
  std::vector<Event> events_;
  std::vector<std::size_t> ends_;  // of the numbers in each
  std::map<std::pair<std::string, std::string>, std::size_t> places_;
};

}  // namespace

Events events_of(const Outcome& outcome) {
  Events made;
  Moment moment;
  host::Duration at{};
  for (const auto& line : outcome.timeline) {
    if (line.at != at) {
      moment.move_to(made.events);
      at = line.at;
    }
    moment.add(line, is_wanting(outcome, line));
  }
  moment.move_to(made.events);
  if (made.events.size() > most_events) {
    made.left_out = made.events.size() - most_events;
    made.left_out_from = first_events;
    const auto from = made.events.begin() + static_cast<std::ptrdiff_t>(first_events);
    made.events.erase(from, from + static_cast<std::ptrdiff_t>(made.left_out));
  }
  return made;
}

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

// "kamailio" for "kamailio[102]"
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

// The lanes by process name, and their labels.
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

// Merges overlapping bars.
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
