#include "conformance/scenario/facts_writer.h"

#include "sim/setup/sip_endpoint.h"
#include "sim/setup/step_reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <regex>
#include <sstream>
#include <string_view>

namespace conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

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

// Single quotes need no escapes, so that a pattern stays readable.
std::string in_quotes(std::string_view text) {
  const bool is_plain = std::ranges::all_of(text, [](char character) {
    return static_cast<unsigned char>(character) >= 0x20 && character != '\'' && character != 0x7F;
  });
  return is_plain ? "'" + std::string(text) + "'" : double_quoted(text);
}

std::string lines_in_yaml(const std::string& key, const std::vector<std::string>& lines) {
  std::string yaml = key + (lines.empty() ? ": []\n" : ":\n");
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

// A pattern that matches this line with any PIDs and source positions.
std::string pattern_of(const std::string& line) {
  static const std::regex special(R"([*\\])");
  static const std::regex process(R"(^ *\d+\(\d+\) )");
  static const std::regex source_line(R"((\.[chyl]):\d+\])");
  static const std::regex fifo(R"(kamailio_receiver_\d+)");
  auto text = std::regex_replace(line, special, R"(\$&)");
  text = std::regex_replace(text, process, "*");
  text = std::regex_replace(text, source_line, "$1:*]");
  return std::regex_replace(text, fifo, "kamailio_receiver_*");
}

std::string in_yaml(Leaves leaves) {
  for (auto& file : leaves.files) {
    file.path = pattern_of(file.path);
  }
  const auto yaml = things_in_yaml("processes", leaves.processes) +
                    things_in_yaml("files", leaves.files) +
                    things_in_yaml("listens", leaves.listens);
  return yaml.empty() ? "leaves: {}\n" : "leaves:\n" + yaml;
}

// Keeps the former lines if they still match.
std::string lines_in_yaml(const std::string& key, const std::vector<std::string>& seen,
                          const std::optional<std::vector<std::string>>& before) {
  if (before && before->empty() == seen.empty() && !first_without_line(*before, seen)) {
    return lines_in_yaml(key, *before);
  }
  std::vector<std::string> patterns;
  std::ranges::transform(seen, std::back_inserter(patterns), pattern_of);
  return lines_in_yaml(key, patterns);
}

TimeRange range_around(host::Duration took) {
  if (took < seconds(1)) {
    return {};
  }
  // Rounds to whole seconds, with a margin for a busy machine.
  return {.least = std::chrono::floor<seconds>(took - milliseconds(500)),
          .most = std::chrono::ceil<seconds>(took + milliseconds(1500))};
}

}  // namespace

std::string in_yaml(const Ending& ending) {
  const auto signal_word = [](int number) {
    for (const auto& [word, known] : sim::signal_words()) {
      if (known == number) {
        return word;
      }
    }
    return std::to_string(number);
  };
  return std::visit(
      Overloaded{
          [](std::monostate /*unused*/) { return std::string(); },
          [](const Exited& exited) { return "exit: " + std::to_string(exited.code); },
          [&](const Killed& killed) { return "killed_by: " + signal_word(killed.signal); },
          [](const Hangs& /*unused*/) { return std::string("hangs: yes"); },
          [](const Answered& answered) { return "answer: " + double_quoted(answered.line); }},
      ending);
}

std::string in_yaml(host::Duration duration) {
  std::ostringstream text;
  text << std::chrono::duration<double>(std::chrono::floor<milliseconds>(duration)).count() << "s";
  return text.str();
}

std::string in_yaml(const TimeRange& range) {
  return range == TimeRange() ? "instant"
                              : "[" + in_yaml(range.least) + ", " + in_yaml(range.most) + "]";
}

std::string in_yaml(const LeftProcesses& processes) {
  return "{is: " + processes.is + ", user: " + processes.user +
         (processes.is_stopped ? ", stopped: yes" : "") +
         (processes.count == 1 ? "" : ", count: " + std::to_string(processes.count)) + "}";
}

std::string in_yaml(const LeftFile& file) {
  std::array<char, 16> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", file.mode);
  return "{path: " + in_quotes(file.path) + ", is: " + file.is + ", owner: \"" + file.owner +
         "\", mode: \"" + mode.data() + "\"" +
         (file.names.empty() ? "" : ", names: " + file.names) + "}";
}

std::string in_yaml(const host::Endpoint& endpoint) { return "\"" + sim::word_of(endpoint) + "\""; }

std::string facts_in_yaml(const Observation& seen, const Facts& before) {
  const bool is_new = before == Facts();
  const auto ending = in_yaml(seen.ending);
  auto yaml = ending.empty() ? "" : ending + "\n";
  // Signal and ask steps have no output.
  const bool is_program = !std::holds_alternative<std::monostate>(seen.ending) &&
                          !std::holds_alternative<Answered>(seen.ending);
  if (is_program && (is_new || before.out)) {
    yaml += lines_in_yaml("out", seen.out, before.out);
  }
  if (is_program && (is_new || before.err)) {
    yaml += lines_in_yaml("err", seen.err, before.err);
  }
  if (!std::holds_alternative<Hangs>(seen.ending) && (is_new || before.takes)) {
    const auto& range = before.takes;
    const bool holds = range && range->least <= seen.took && seen.took <= range->most;
    yaml += "takes: " + in_yaml(holds ? *range : range_around(seen.took)) + "\n";
  }
  return is_new || before.leaves ? yaml + in_yaml(seen.leaves) : yaml;
}

std::string corrected(const std::string& text, std::vector<Correction> corrections) {
  std::ranges::sort(corrections, {}, &Correction::begin);
  std::istringstream lines(text);
  std::string result;
  auto next = corrections.begin();
  int number = 1;
  for (std::string line; std::getline(lines, line); ++number) {
    while (next != corrections.end() && number >= next->end && number > next->begin) {
      ++next;
    }
    if (next != corrections.end() && number == next->begin) {
      result += next->text;
    }
    const bool is_replaced =
        next != corrections.end() && number >= next->begin && number < next->end;
    result += is_replaced ? "" : line + "\n";
  }
  for (; next != corrections.end(); ++next) {
    result += next->begin == number ? next->text : "";
  }
  return result;
}

}  // namespace conformance
