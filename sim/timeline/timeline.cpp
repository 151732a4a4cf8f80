#include "sim/timeline/timeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {
namespace {

double seconds_since(host::TimePoint begin, host::TimePoint at) {
  return std::chrono::duration<double>(at - begin).count();
}

// ECMA-48: bold, red, green, yellow, faint.
std::string_view colour_of(const Trace::Line& line) {
  constexpr std::string_view bold = "\x1B[1m";
  constexpr std::string_view red = "\x1B[31m";
  constexpr std::string_view green = "\x1B[32m";
  constexpr std::string_view yellow = "\x1B[33m";
  constexpr std::string_view faint = "\x1B[2m";
  const auto has = [&](std::string_view text) { return line.what.find(text) != std::string::npos; };
  if (line.who == "cluster") {
    if (!has("exit code")) {
      return bold;
    }
    return has(": success") ? green : has("not running") || has("degraded") ? yellow : red;
  }
  if (line.who.starts_with("agent")) {
    return has("ERROR") ? red : has("SIGKILL") || has("WARNING") ? yellow : "";
  }
  return line.who == "somebody" || line.who == "machine" ? yellow : faint;
}

// Without numbers in brackets, which tell processes that are alike.
std::string kind_of(const Trace::Line& line) {
  std::string kind;
  for (const std::string& text : {line.who, line.what}) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '[') {
        i = std::min(text.find(']', i), text.size());
      } else {
        kind += text[i];
      }
    }
    kind += '\n';
  }
  return kind;
}

// What many processes do at the same moment is told once.
std::vector<Trace::Line> without_repetitions(const std::vector<Trace::Line>& lines) {
  struct Told {
    std::size_t where = 0;
    int times = 0;
  };
  std::vector<Trace::Line> kept;
  std::map<std::string, Told> told;  // at this moment
  const auto finish = [&] {
    for (const auto& [kind, what] : told) {
      if (what.times > 1) {
        kept[what.where].what += ", and " + std::to_string(what.times - 1) + " more so";
      }
    }
    told.clear();
  };
  for (const auto& line : lines) {
    if (!kept.empty() && kept.back().at != line.at) {
      finish();
    }
    auto& what = told[kind_of(line)];
    if (what.times++ == 0 || line.who == "cluster") {
      what.where = kept.size();
      what.times = 1;
      kept.push_back(line);
    }
  }
  finish();
  return kept;
}

}  // namespace

std::string timeline_text(const PlayedPlot& played, Colour colour) {
  const auto lines = without_repetitions(played.trace);
  std::size_t width = 0;
  for (const auto& line : lines) {
    width = std::max(width, line.who.size());
  }
  std::string text;
  for (const auto& line : lines) {
    std::array<char, 32> time = {};
    (void)std::snprintf(time.data(), time.size(), "%9.3f s  ",
                        seconds_since(played.begin, line.at));
    const auto begin = colour == Colour::terminal ? colour_of(line) : std::string_view();
    text.append(time.data()).append(begin).append(line.who);
    text.append(width - line.who.size() + 2, ' ').append(line.what);
    text += begin.empty() ? "\n" : "\x1B[0m\n";
  }
  return text;
}

std::string timeline_json(const PlayedPlot& played) {
  using Json = nlohmann::ordered_json;
  Json json = {{"steps", Json::array()}, {"timeline", Json::array()}};
  for (const auto& step : played.steps) {
    Json entry = {{"step", step.text}};
    if (step.result) {
      entry["exit_code"] = step.result->code;
      entry["reason"] = step.result->reason;
      entry["seconds"] = std::chrono::duration<double>(step.result->took).count();
      entry["timed_out"] = step.result->timed_out;
    }
    json["steps"].push_back(std::move(entry));
  }
  for (const auto& line : played.trace) {
    json["timeline"].push_back(
        {{"at", seconds_since(played.begin, line.at)}, {"who", line.who}, {"what", line.what}});
  }
  return json.dump(2) + "\n";
}

}  // namespace sim
