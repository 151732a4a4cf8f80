#include "conformance/report/page/drawing.h"

#include "conformance/report/page/chart.h"
#include "conformance/report/page/events.h"
#include "conformance/report/plain.h"
#include "conformance/report/words.h"

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <sstream>
#include <string_view>

namespace conformance {
namespace {

constexpr std::size_t lane_height = 36;
constexpr std::size_t mark_height = 25;  // in a lane, below its name
constexpr std::size_t axis_height = 22;
constexpr std::size_t longest_hint = 160;
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

// What is shown of a mark when somebody points at it.
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

// Attributes of SVG say what a page without its style sheet needs, as some servers send it.
void draw_mark(Markup& page, const Chart::Mark& mark, const std::vector<Event>& events,
               std::size_t y, const std::string& id) {
  std::size_t lines = 0;
  for (const auto event : mark.events) {
    lines += events[event].lines;
  }
  page.raw("<a href=\"#").raw(id).raw("e").number(mark.events.front()).raw("\"");
  page.raw(mark.is_wanting ? " class=\"wanting\"" : "").raw("><title>");
  page.text(hint_of(mark, events)).raw("</title><circle cx=\"").raw(percent(mark.at));
  page.raw("\" cy=\"").number(y).raw("\" r=\"").number(lines > 1 ? 8 : 5).raw("\"/>");
  if (lines > 1) {
    page.raw("<text fill=\"white\" text-anchor=\"middle\" x=\"").raw(percent(mark.at));
    page.raw("\" y=\"").number(y + 3).raw("\">");
    page.raw(lines > 99 ? "99" : std::to_string(lines)).raw("</text>");
  }
  page.raw("</a>");
}

void draw_lane(Markup& page, const Chart::Lane& lane, const std::vector<Event>& events,
               std::size_t top, const std::string& id) {
  const std::size_t y = top + mark_height;
  page.raw("<g class=\"").raw(name(lane.kind)).raw("\"><text class=\"who\" x=\"0\" y=\"");
  page.number(top + 12).raw("\">").text(lane.name).raw("</text>");
  page.raw("<line class=\"lane\" stroke=\"silver\" x1=\"0\" x2=\"100%\" y1=\"").number(y);
  page.raw("\" y2=\"").number(y).raw("\"/>");
  for (const auto& bar : lane.bars) {
    page.raw("<line class=\"bar\" stroke=\"gray\" stroke-width=\"5\" x1=\"").raw(percent(bar.from));
    page.raw("\" x2=\"").raw(percent(bar.to)).raw("\" y1=\"").number(y).raw("\" y2=\"");
    page.number(y).raw("\"/>");
  }
  for (const auto& mark : lane.marks) {
    draw_mark(page, mark, events, y, id);
  }
  page.raw("</g>\n");
}

void draw_axis(Markup& page, const Chart& chart, std::size_t y) {
  page.raw("<g class=\"axis\">");
  for (std::size_t i = 0; i < chart.ticks.size(); ++i) {
    const auto& tick = chart.ticks[i];
    const std::string_view anchor = i == 0                       ? "start"
                                    : i + 1 < chart.ticks.size() ? "middle"
                                                                 : "end";
    page.raw("<line stroke=\"silver\" x1=\"").raw(percent(tick.at)).raw("\" x2=\"");
    page.raw(percent(tick.at)).raw("\" y1=\"0\" y2=\"").number(y + 4).raw("\"/>");
    page.raw("<text text-anchor=\"").raw(anchor).raw("\" x=\"").raw(percent(tick.at));
    page.raw("\" y=\"").number(y + 17).raw("\">").text(tick.text).raw("</text>");
  }
  page.raw("</g>\n");
}

void draw(Markup& page, const std::vector<Event>& events, const std::string& id) {
  const auto chart = chart_of(events);
  const std::size_t height = chart.lanes.size() * lane_height;
  page.raw("<svg role=\"group\" aria-label=\"What happened, drawn\" width=\"100%\" height=\"");
  page.number(height + axis_height).raw("\">\n");
  draw_axis(page, chart, height);
  for (std::size_t i = 0; i < chart.lanes.size(); ++i) {
    draw_lane(page, chart.lanes[i], events, i * lane_height, id);
  }
  page.raw("</svg>\n");
}

void list(Markup& page, const Events& all, const std::string& id) {
  page.raw(
      "<div class=\"events\" tabindex=\"0\" role=\"region\" aria-label=\"What happened, as a "
      "list\"><table>\n");
  for (std::size_t i = 0; i < all.events.size(); ++i) {
    const auto& event = all.events[i];
    if (all.left_out > 0 && i == all.left_out_from) {
      page.raw("<tr><td colspan=\"3\">").number(all.left_out).raw(" more are left out</td></tr>\n");
    }
    page.raw("<tr id=\"")
        .raw(id)
        .raw("e")
        .number(i)
        .raw(event.is_wanting ? "\" class=\"wanting\">" : "\">");
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
      "<figure>\n<figcaption>What happened. Where much happens, the time is stretched; a number "
      "counts what is too close to tell apart.</figcaption>\n");
  draw(page, all.events, id);
  page.raw("<p class=\"hint\" aria-hidden=\"true\" hidden></p>\n");
  list(page, all, id);
  page.raw("</figure>\n");
}

}  // namespace conformance
