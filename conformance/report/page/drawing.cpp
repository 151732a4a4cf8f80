#include "conformance/report/page/chart.h"
#include "conformance/report/page/page.h"
#include "conformance/report/words.h"

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <sstream>
#include <string_view>
#include <vector>

namespace conformance {
namespace {

constexpr std::size_t lane_height = 36;
constexpr std::size_t mark_height = 25;  // in a lane, below its name
constexpr std::size_t small_mark = 5;
constexpr std::size_t large_mark = 9;
constexpr std::size_t label_height = 16;
constexpr std::size_t axis_height = 22;
constexpr std::size_t longest_label = 28;
constexpr double letter_width = 1;  // in per cent, at the narrowest width
constexpr std::size_t longest_hint = 160;
constexpr std::size_t longest_name = 60;
constexpr std::size_t most_hints = 5;

std::string percent(double place) {
  std::ostringstream text;
  text << std::setprecision(4) << place << '%';
  return text.str();
}

std::string_view name(Chart::Kind kind) {
  switch (kind) {
    case Chart::Kind::cluster:
      return "cluster";
    case Chart::Kind::agent:
      return "agent";
    case Chart::Kind::other:
      return "other";
  }
  return "";
}

// The tooltip of a mark.
std::string hint_of(const Chart::Mark& mark, const std::vector<Event>& events) {
  std::string hint;
  for (std::size_t i = 0; i < std::min(mark.events.size(), most_hints); ++i) {
    const auto& event = events[mark.events[i]];
    hint += (i == 0 ? "" : "\n") + seconds(event.at) + " " + event.who + ": " +
            cut(plain_line(event.what), longest_hint);
  }
  if (mark.events.size() > most_hints) {
    hint += "\nand " + std::to_string(mark.events.size() - most_hints) + " more";
  }
  return hint;
}

// SVG attributes contain the minimum for a page without its style sheet, which some servers block.
void draw_mark(Markup& page, const Chart::Mark& mark, const std::vector<Event>& events,
               std::size_t y, const std::string& id) {
  std::size_t lines = 0;
  for (const auto event : mark.events) {
    lines += events[event].lines;
  }
  page.raw(R"(<a href="#)").raw(id).raw("e").number(mark.events.front()).raw(R"(")");
  page.raw(mark.is_wanting ? R"( class="wanting")" : "").raw("><title>");
  page.text(hint_of(mark, events)).raw(R"(</title><circle cx=")").raw(percent(mark.at));
  page.raw(R"(" cy=")")
      .number(y)
      .raw(R"(" r=")")
      .number(lines > 1 ? large_mark : small_mark)
      .raw(R"("/>)");
  if (lines > 1) {
    page.raw(R"(<text fill="white" text-anchor="middle" x=")").raw(percent(mark.at));
    page.raw(R"(" y=")").number(y + 4).raw(R"(">)");
    page.raw(lines > 99 ? "99" : std::to_string(lines)).raw("</text>");
  }
  page.raw("</a>");
}

struct Label {
  double from = 0;
  double to = 0;
};

// The actions of the cluster are labels below their marks, as far as there is room.
class Labels {
 public:
  Labels(Markup& page, const std::vector<Event>& events, std::size_t y)
      : page_(page), events_(events), y_(y) {}

  void write(const Chart::Mark& mark) {
    const auto wanting = std::ranges::find_if(
        mark.events, [&](std::size_t event) { return events_[event].is_wanting; });
    const auto event = wanting == mark.events.end() ? mark.events.back() : *wanting;
    const auto what = plain_line(events_[event].what);
    const auto text =
        std::string(head(what, longest_label)) + (length(what) > longest_label ? "\u2026" : "");
    const double width = letter_width * static_cast<double>(length(text) + 1);
    const bool is_at_the_end = mark.at + width > 100;
    const Label label{.from = is_at_the_end ? mark.at - width : mark.at,
                      .to = is_at_the_end ? mark.at : mark.at + width};
    const auto overlaps = [&](const Label& other) {
      return label.from < other.to && other.from < label.to;
    };
    if (std::ranges::any_of(labels_, overlaps)) {
      return;
    }
    labels_.push_back(label);
    page_.raw(R"(<text class="label" text-anchor=")").raw(is_at_the_end ? "end" : "start");
    page_.raw(R"(" x=")").raw(percent(mark.at)).raw(R"(" y=")").number(y_).raw(R"(">)");
    page_.text(text).raw("</text>");
  }

 private:
  Markup& page_;
  const std::vector<Event>& events_;
  std::size_t y_;
  std::vector<Label> labels_;
};

// Steps with findings are labelled first.
void label_marks(Markup& page, const Chart::Lane& lane, const std::vector<Event>& events,
                 std::size_t y) {
  Labels labels(page, events, y);
  for (const bool is_wanting : {true, false}) {
    for (const auto& mark : lane.marks) {
      if (mark.is_wanting == is_wanting) {
        labels.write(mark);
      }
    }
  }
}

std::size_t height_of(const Chart::Lane& lane) {
  return lane_height + (lane.kind == Chart::Kind::cluster ? label_height : 0);
}

void draw_lane(Markup& page, const Chart::Lane& lane, const std::vector<Event>& events,
               std::size_t top, const std::string& id) {
  const std::size_t y = top + mark_height;
  page.raw(R"(<g class=")").raw(name(lane.kind)).raw(R"("><text class="who" x="0" y=")");
  page.number(top + 12).raw(R"(">)").text(cut(plain_line(lane.name), longest_name)).raw("</text>");
  page.raw(R"(<line class="lane" stroke="silver" x1="0" x2="100%" y1=")").number(y);
  page.raw(R"(" y2=")").number(y).raw(R"("/>)");
  for (const auto& bar : lane.bars) {
    page.raw(R"(<line class="bar" stroke="gray" stroke-width="5" x1=")").raw(percent(bar.from));
    page.raw(R"(" x2=")").raw(percent(bar.to)).raw(R"(" y1=")").number(y).raw(R"(" y2=")");
    page.number(y).raw(R"("/>)");
  }
  for (const auto& mark : lane.marks) {
    draw_mark(page, mark, events, y, id);
  }
  if (lane.kind == Chart::Kind::cluster) {
    label_marks(page, lane, events, y + large_mark + label_height - 4);
  }
  page.raw("</g>\n");
}

void draw_axis(Markup& page, const Chart& chart, std::size_t y) {
  page.raw(R"(<g class="axis">)");
  for (std::size_t i = 0; i < chart.ticks.size(); ++i) {
    const auto& tick = chart.ticks[i];
    const std::string_view anchor = i == 0                       ? "start"
                                    : i + 1 < chart.ticks.size() ? "middle"
                                                                 : "end";
    page.raw(R"(<line stroke="silver" x1=")").raw(percent(tick.at)).raw(R"(" x2=")");
    page.raw(percent(tick.at)).raw(R"(" y1="0" y2=")").number(y + 4).raw(R"("/>)");
    page.raw(R"(<text text-anchor=")").raw(anchor).raw(R"(" x=")").raw(percent(tick.at));
    page.raw(R"(" y=")").number(y + 17).raw(R"(">)").text(tick.text).raw("</text>");
  }
  page.raw("</g>\n");
}

void draw(Markup& page, const std::vector<Event>& events, const std::string& id) {
  const auto chart = chart_of(events);
  std::size_t height = 0;
  for (const auto& lane : chart.lanes) {
    height += height_of(lane);
  }
  page.raw(R"(<div class="drawing"><svg role="group" aria-label="Timeline as a drawing" )"
           R"(width="100%" height=")");
  page.number(height + axis_height).raw("\">\n");
  draw_axis(page, chart, height);
  std::size_t top = 0;
  for (const auto& lane : chart.lanes) {
    draw_lane(page, lane, events, top, id);
    top += height_of(lane);
  }
  page.raw("</svg></div>\n");
}

void list(Markup& page, const Events& all, const std::string& id) {
  page.raw(R"(<div class="events" tabindex="0" role="region" aria-label="Timeline as a list">)"
           "<table>\n");
  for (std::size_t i = 0; i < all.events.size(); ++i) {
    const auto& event = all.events[i];
    if (all.left_out > 0 && i == all.left_out_from) {
      page.raw(R"(<tr><td colspan="3">)")
          .number(all.left_out)
          .raw(" more are left out</td></tr>\n");
    }
    page.raw(R"(<tr id=")")
        .raw(id)
        .raw("e")
        .number(i)
        .raw(event.is_wanting ? R"(" class="wanting">)" : R"(">)");
    page.raw("<td>").text(seconds(event.at)).raw("</td><td>").text(event.who).raw("</td><td>");
    page.text(event.what).raw("</td></tr>\n");
  }
  page.raw("</table></div>\n");
}

}  // namespace

void write_timeline(Markup& page, const Outcome& outcome, const std::string& id) {
  const auto all = events_of(outcome);
  if (all.events.empty()) {
    return;
  }
  page.raw(
      "<figure>\n<figcaption>Timeline. Busy moments are stretched; a number counts events that are "
      "too close to be drawn separately.</figcaption>\n");
  draw(page, all.events, id);
  page.raw("<p class=\"hint\" aria-hidden=\"true\" hidden>Point at a mark to read it.</p>\n");
  list(page, all, id);
  page.raw("</figure>\n");
}

}  // namespace conformance
