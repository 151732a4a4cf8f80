#include "sim/calibration/writer.h"

#include "sim/calibration/pattern.h"
#include "sim/calibration/words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <map>
#include <optional>
#include <regex>
#include <string_view>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string double_quoted(std::string_view text) {
  std::string yaml = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      yaml += '\\';
      yaml += character;
    } else if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02X", static_cast<unsigned>(character));
      yaml += escape.data();
    } else {
      yaml += character;
    }
  }
  return yaml + "\"";
}

// Single quotes need no escapes, so that a pattern stands there as it is.
std::string in_quotes(std::string_view text) {
  const bool is_plain = std::ranges::all_of(text, [](char character) {
    return static_cast<unsigned char>(character) >= 0x20 && character != '\'' && character != 0x7F;
  });
  return is_plain ? "'" + std::string(text) + "'" : double_quoted(text);
}

std::string lines_in_yaml(const std::string& key, const std::vector<std::string>& lines) {
  if (lines.empty()) {
    return key + ": []\n";
  }
  std::string yaml = key + ":\n";
  for (const auto& line : lines) {
    yaml += "  - " + in_quotes(line) + "\n";
  }
  return yaml;
}

template <typename Thing>
std::string things_in_yaml(const std::string& key, const std::vector<Thing>& things) {
  std::string yaml;
  for (const auto& thing : things) {
    yaml += (yaml.empty() ? "  " + key + ":\n" : "") + "    - " + in_yaml(thing) + "\n";
  }
  return yaml;
}

std::string leaves_in_yaml(const Leaves& leaves) {
  const auto yaml = things_in_yaml("processes", leaves.processes) +
                    things_in_yaml("files", leaves.files) +
                    things_in_yaml("listens", leaves.listens);
  return yaml.empty() ? "" : "leaves:\n" + yaml;
}

std::string ending_in_yaml(const Ending& ending) {
  const auto yaml = in_yaml(ending);
  return yaml.empty() ? "" : yaml + "\n";
}

std::string facts_in_yaml(const Facts& facts) {
  auto yaml = ending_in_yaml(facts.ending);
  if (facts.out) {
    yaml += lines_in_yaml("out", *facts.out);
  }
  if (facts.err) {
    yaml += lines_in_yaml("err", *facts.err);
  }
  if (!std::holds_alternative<Hangs>(facts.ending)) {
    yaml += facts.takes == TimeRange{} ? "takes: instant\n"
                                       : "takes: [" + seconds_word(facts.takes.least) + ", " +
                                             seconds_word(facts.takes.most) + "]\n";
  }
  return yaml + leaves_in_yaml(facts.leaves);
}

std::string indented(const std::string& yaml) {
  std::string text;
  for (std::size_t begin = 0; begin < yaml.size();) {
    const auto end = yaml.find('\n', begin);
    text += "    " + yaml.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return text;
}

std::string without_volatile_parts(const std::string& line) {
  static const std::regex process(R"(^ *\d+\(\d+\) )");
  static const std::regex source_line(R"((\.[chyl]):\d+\])");
  static const std::regex fifo(R"(kamailio_receiver_\d+)");
  auto text = std::regex_replace(literally(line), process, "*");
  text = std::regex_replace(text, source_line, "$1:*]");
  return std::regex_replace(text, fifo, "kamailio_receiver_*");
}

std::optional<std::vector<std::string>> lines_as_facts(
    const std::vector<std::string>& seen, const Facts* before,
    std::optional<std::vector<std::string>> Facts::*lines) {
  if (before != nullptr) {
    const auto& recorded = before->*lines;
    if (!recorded || (recorded->empty() == seen.empty() && !first_without_line(*recorded, seen))) {
      return recorded;
    }
  }
  std::vector<std::string> patterns;
  for (const auto& line : seen) {
    patterns.push_back(without_volatile_parts(line));
  }
  return patterns;
}

TimeRange range_around(Duration took) {
  if (took < 1s) {
    return {};
  }
  // Whole seconds, with some room for a busy machine.
  return {.least = std::chrono::floor<std::chrono::seconds>(took - 500ms),
          .most = std::chrono::ceil<std::chrono::seconds>(took + 1500ms)};
}

}  // namespace

std::string in_yaml(const Ending& ending) {
  return std::visit(
      Overloaded{
          [](std::monostate /*unused*/) { return std::string(); },
          [](const Exited& exited) { return "exit: " + std::to_string(exited.code); },
          [](const Killed& killed) { return "killed_by: " + signal_word(killed.signal); },
          [](const Hangs& /*unused*/) { return std::string("hangs: true"); },
          [](const Answered& answered) { return "answer: " + double_quoted(answered.line); }},
      ending);
}

std::string in_yaml(const Processes& processes) {
  return "{is: " + processes.is + ", user: " + processes.user +
         (processes.is_stopped ? ", stopped: true" : "") +
         (processes.count == 1 ? "" : ", count: " + std::to_string(processes.count)) + "}";
}

std::string in_yaml(const LeftFile& file) {
  return "{path: " + in_quotes(file.path) + ", is: " + file.is + ", owner: \"" + file.access.user +
         ":" + file.access.group + "\", mode: \"" + mode_word(file.access.mode) + "\"" +
         (file.names.empty() ? "" : ", names: " + file.names) + "}";
}

std::string in_yaml(const Endpoint& endpoint) { return "\"" + word_of(endpoint) + "\""; }

std::string write_observation(const Observation& observation) {
  return ending_in_yaml(observation.ending) + lines_in_yaml("out", observation.out) +
         lines_in_yaml("err", observation.err) + "took: " + seconds_word(observation.took) + "\n" +
         leaves_in_yaml(observation.leaves);
}

Facts as_facts(const Observation& seen, const Facts* before) {
  Facts facts{.ending = seen.ending,
              .out = lines_as_facts(seen.out, before, &Facts::out),
              .err = lines_as_facts(seen.err, before, &Facts::err),
              .takes = range_around(seen.took),
              .leaves = seen.leaves};
  if (before != nullptr && before->takes.least <= seen.took && seen.took <= before->takes.most) {
    facts.takes = before->takes;
  }
  for (auto& file : facts.leaves.files) {
    file.path = without_volatile_parts(file.path);
  }
  return facts;
}

std::string with_facts(const std::string& text,
                       const std::vector<std::pair<Lines, Facts>>& changes) {
  std::map<int, std::pair<int, std::string>> by_line;
  for (const auto& [lines, facts] : changes) {
    by_line[lines.begin] = {lines.end, indented(facts_in_yaml(facts))};
  }
  std::string result;
  int left_out_until = 0;
  int number = 1;
  for (std::size_t begin = 0; begin <= text.size(); ++number) {
    if (const auto change = by_line.find(number); change != by_line.end()) {
      result += change->second.second;
      left_out_until = change->second.first;
    }
    if (begin == text.size()) {
      break;
    }
    const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    if (number >= left_out_until) {
      result += text.substr(begin, end - begin);
    }
    begin = end;
  }
  return result;
}

}  // namespace calibration
