#include "conformance/report/page/events.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

namespace conformance {
namespace {

constexpr std::size_t most_events = 300;
constexpr std::size_t first_events = 200;

// A text around the first number in brackets.
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

// Those of one moment.
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

}  // namespace conformance
