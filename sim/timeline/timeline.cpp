#include "sim/timeline/timeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <iomanip>
#include <map>
#include <set>
#include <sstream>
#include <string>
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

// The name without the PID, except for agents, which stay distinct.
std::string kind_of(const Trace::Line& line) {
  std::string kind;
  for (const std::string& text : {line.who, line.what}) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '[' && !text.starts_with("agent")) {
        i = std::min(text.find(']', i), text.size());
      } else {
        kind += text[i];
      }
    }
    kind += '\n';
  }
  return kind;
}

// A step boundary: later events must not be merged with earlier ones.
bool is_turning_point(const Trace::Line& line) {
  return line.who == "cluster" || line.who == "somebody" || line.who == "machine";
}

// Omits exits of the agent, because the cluster's line has its result, and successful exits of
// processes that were not announced, such as the helpers of a shell.
std::vector<Trace::Line> without_details(const std::vector<Trace::Line>& lines) {
  std::set<std::string> announced;
  std::vector<Trace::Line> kept;
  for (const auto& line : lines) {
    for (const std::string_view verb : {"starts ", "forks "}) {
      if (line.what.starts_with(verb)) {
        announced.insert(line.what.substr(verb.size(), line.what.find(']') + 1 - verb.size()));
      }
    }
    const bool is_told = !line.what.starts_with("exits with 0") || announced.contains(line.who);
    const bool is_told_by_cluster =
        line.who.starts_with("agent") && line.what.starts_with("exits with");
    if (is_told && !is_told_by_cluster) {
      kept.push_back(line);
    }
  }
  return kept;
}

// Merges equal events of several processes at the same time.
std::vector<Trace::Line> without_siblings(const std::vector<Trace::Line>& lines) {
  struct Told {
    std::size_t where = 0;
    int times = 0;
  };
  std::vector<Trace::Line> kept;
  std::map<std::string, Told> told;  // at this moment
  const auto finish = [&] {
    for (const auto& [kind, what] : told) {
      if (what.times > 1) {
        kept[what.where].what += " (and " + std::to_string(what.times - 1) + " more)";
      }
    }
    told.clear();
  };
  for (const auto& line : lines) {
    if (!kept.empty() && (kept.back().at != line.at || is_turning_point(line))) {
      finish();
    }
    auto& what = told[kind_of(line)];
    if (what.times++ == 0) {
      what.where = kept.size();
      kept.push_back(line);
    }
  }
  finish();
  return kept;
}

// Merges consecutive repetitions of an event.
std::vector<Trace::Line> without_repetitions(const std::vector<Trace::Line>& lines) {
  std::vector<Trace::Line> kept;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i + 1;
    while (end < lines.size() && lines[end].who == lines[i].who &&
           lines[end].what == lines[i].what) {
      ++end;
    }
    kept.push_back(lines[i]);
    if (end - i > 1) {
      std::ostringstream text;
      text << ", repeated " << end - i - 1 << " times within " << std::fixed << std::setprecision(3)
           << seconds_since(lines[i].at, lines[end - 1].at) << " s";
      kept.back().what += text.str();
    }
    i = end;
  }
  return kept;
}

}  // namespace

std::string timeline_text(const PlayedScenario& played, Colour colour) {
  const auto lines = without_repetitions(without_siblings(without_details(played.trace)));
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

std::string timeline_json(const Title& title, const PlayedScenario& played) {
  using Json = nlohmann::ordered_json;
  Json json = {{"scenario", title.scenario},
               {"seed", title.seed},
               {"claim", title.claim},
               {"steps", Json::array()},
               {"timeline", Json::array()}};
  for (const auto& step : played.steps) {
    Json entry = {{"step", step.text}, {"at", seconds_since(played.begin, step.at)}};
    if (step.result) {
      entry["exit_code"] = step.result->code;
      entry["reason"] = step.result->reason;
      entry["seconds"] = std::chrono::duration<double>(step.result->took).count();
      entry["timed_out"] = step.result->timed_out;
      entry["killed"] = step.result->killed;
    }
    json["steps"].push_back(std::move(entry));
  }
  for (const auto& line : played.trace) {
    json["timeline"].push_back(
        {{"at", seconds_since(played.begin, line.at)}, {"who", line.who}, {"what", line.what}});
  }
  constexpr int indentation = 2;
  // A file name may contain any bytes.
  return json.dump(indentation, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sim
