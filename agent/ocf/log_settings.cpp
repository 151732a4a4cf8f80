#include "agent/ocf/log_settings.h"

#include "agent/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace ocf {
namespace {

// The first of the two variables that is set and not empty.
std::string first_of(const host::Environment& environment, const char* name,
                     const char* other_name) {
  for (const char* const candidate : {name, other_name}) {
    if (const auto found = environment.find(candidate);
        found != environment.end() && !found->second.empty()) {
      return found->second;
    }
  }
  return {};
}

// RFC 3164, table 1, under the names of syslog.conf(5).
std::optional<int> facility_from(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, int>, 19> numbers = {{
      {"kern", 0},      {"user", 1},    {"mail", 2},    {"daemon", 3},  {"auth", 4},
      {"syslog", 5},    {"lpr", 6},     {"news", 7},    {"uucp", 8},    {"cron", 9},
      {"authpriv", 10}, {"local0", 16}, {"local1", 17}, {"local2", 18}, {"local3", 19},
      {"local4", 20},   {"local5", 21}, {"local6", 22}, {"local7", 23},
  }};
  const auto* const found = std::ranges::find(numbers, name, &decltype(numbers)::value_type::first);
  if (found == numbers.end()) {
    return std::nullopt;
  }
  return found->second * 8;
}

bool is_wanted(std::string_view value) {
  constexpr std::array<std::string_view, 5> off = {"", "0", "no", "off", "false"};
  return std::ranges::find(off, value) == off.end();
}

// C0, DEL, and C1 (U+0080 to U+009F), which terminals interpret as well.
bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

// Characters that XML 1.0 does not allow; the cluster stores exit reasons in XML.
bool is_noncharacter(char32_t code) { return code == 0xFFFE || code == 0xFFFF; }

bool continues_utf8(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

LogSettings log_settings(const host::Environment& environment, std::string_view agent,
                         std::string_view instance, int pid, Terminal terminal) {
  LogSettings settings;
  settings.tag = std::string(agent) + "(" + one_line(instance) + ")[" + std::to_string(pid) + "]";
  settings.facility = facility_from(first_of(environment, "HA_LOGFACILITY", "PCMK_logfacility"));
  const auto file = [&](const char* name, const char* other_name) {
    std::string path = first_of(environment, name, other_name);
    return path == "none" || path == "/dev/null" ? std::string() : path;
  };
  settings.log_file = file("HA_LOGFILE", "PCMK_logfile");
  settings.debug_file = file("HA_DEBUGLOG", "PCMK_debuglog");
  settings.debug = is_wanted(first_of(environment, "HA_debug", "PCMK_debug"));
  settings.on_terminal = terminal == Terminal::present;
  if (auto prefix = first_of(environment, "OCF_EXIT_REASON_PREFIX", ""); !prefix.empty()) {
    settings.exit_reason_prefix = std::move(prefix);
  }
  return settings;
}

std::string level_name(host::Level level) {
  switch (level) {
    case host::Level::critical:
      return "CRIT";
    case host::Level::error:
      return "ERROR";
    case host::Level::warning:
      return "WARNING";
    case host::Level::info:
      return "INFO";
    case host::Level::debug:
      return "DEBUG";
  }
  return {};
}

int syslog_severity(host::Level level) {
  switch (level) {
    case host::Level::critical:
      return 2;
    case host::Level::error:
      return 3;
    case host::Level::warning:
      return 4;
    case host::Level::info:
      return 6;
    case host::Level::debug:
      return 7;
  }
  return 5;
}

std::string one_line(std::string_view text) {
  constexpr std::size_t longest = 1000;
  constexpr std::string_view ellipsis = "...";
  std::string line;
  bool line_ended = false;
  while (!text.empty()) {
    const auto character = base::first_character(text);
    const auto bytes = text.substr(0, character ? character->size : 1);
    text.remove_prefix(bytes.size());
    if (bytes == "\n" || bytes == "\r") {
      line_ended = true;
      continue;
    }
    if (std::exchange(line_ended, false) && !line.empty()) {
      line += "; ";
    }
    line += !character || is_noncharacter(character->code) ? "?"
            : is_control(character->code)                  ? " "
                                                           : bytes;
  }
  if (line.size() > longest) {
    std::size_t end = longest - ellipsis.size();
    while (end > 0 && continues_utf8(line[end])) {
      --end;
    }
    line.replace(end, std::string::npos, ellipsis);
  }
  return line;
}

}  // namespace ocf
