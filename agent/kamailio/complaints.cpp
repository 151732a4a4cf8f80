#include "agent/kamailio/complaints.h"

#include "agent/kamailio/tool_output.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

constexpr auto npos = std::string_view::npos;

struct Complaint : Cause {   // the text has the name of the module, unless it is <core>
  std::string place = {};    // in the configuration: "line 5", "/etc/kamailio/tls.cfg, line 5"
  bool is_detail = false;    // of the one before
  bool is_unmarked = false;  // has no level
  std::string module = {};   // empty: <core>, or not known
};

Complaint complaint_of(std::string text) {
  Complaint complaint;
  complaint.kind = Cause::Kind::other;
  complaint.text = std::move(text);
  return complaint;
}

// pp_ifdef_level_error(): "... : 1 more #!if[n]def as #!endif".
constexpr std::string_view directives = "different number of preprocessor directives: ";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != npos; }

// Takes the text before `end`, and `end` too; nothing if there is no `end`.
std::optional<std::string_view> take_until(std::string_view& rest, std::string_view end) {
  const auto position = rest.find(end);
  if (position == npos) {
    return std::nullopt;
  }
  const auto taken = rest.substr(0, position);
  rest.remove_prefix(position + end.size());
  return taken;
}

// The text between two others, or nothing.
std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  if (!take_until(text, begin)) {
    return {};
  }
  return text.substr(0, text.find(end));
}

bool is_any_of(std::string_view text, const auto& parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return contains(text, part); });
}

// Messages of a server that ends after it has begun to start, or about the order of the modules.
bool is_noise(std::string_view text) {
  constexpr std::array<std::string_view, 5> signs = {
      "receive_fd(): EOF", "freeing already freed pointer", "Module not initialized yet",
      "cleaning up 0x", "loading modules under config path"};
  return is_any_of(text, signs);
}

// Messages about consequences of another error.
bool is_consequence(std::string_view text) {
  constexpr std::array<std::string_view, 14> signs = {
      "rror while initializing module",
      "failed to load module",
      "error in init_child",
      "init_child failed for process",
      "Cannot fork",
      "bad config file",
      "fixing failed (code",
      "while trying to fix configuration",
      "failed to initialize list addresses",
      "fix_socket_list",
      "Check disabled protocols",
      "bad -l address specifier",
      "child process ",
      "could not add connection to the pool",
  };
  return is_any_of(text, signs);
}

// Kamailio's messages without a level about its command line. Other lines without a level may come
// from anywhere, such as a library.
bool is_of_command_line(std::string_view text) {
  constexpr std::array<std::string_view, 4> beginnings = {"bad ", "Unknown ", "Option '",
                                                          "Too much "};
  return std::ranges::any_of(beginnings,
                             [&](std::string_view begin) { return text.starts_with(begin); });
}

// "parse error in config file FILE, line 5, column 12-22: MESSAGE", or "... from line 8, column 2
// to line 9, column 0: MESSAGE".
void read_place(Complaint& complaint, std::string_view conffile) {
  std::string_view rest = complaint.text;
  const bool has_place = take_until(rest, "parse error in config file ").has_value();
  const auto file = has_place ? take_until(rest, ", ") : std::nullopt;
  if (!file) {
    return;
  }
  const auto begin = between(rest, "line ", ",");
  std::string place = "line " + std::string(begin);
  const auto end = rest.starts_with("from ") ? between(rest, " to line ", ",") : "";
  if (!end.empty() && end != begin) {
    place = "lines " + std::string(begin) + " to " + std::string(end);
  }
  if (!take_until(rest, "column ") || !take_until(rest, ":")) {
    return;
  }
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  complaint.place = (*file == conffile ? "" : std::string(*file) + ", ") + place;
  complaint.text = std::string(rest);
}

// "udp_init(): bind(4, 0x7f21ea82efe8, 16) on 192.0.2.77: Cannot assign requested address", and of
// TCP "... on 127.0.0.1:5060 : Address already in use".
void read_bind(Complaint& complaint, Transport transport) {
  const std::string_view text = complaint.text;
  auto place = between(text, " on ", ": ");
  const auto error = text.rfind(": ");
  place = place.substr(0, place.find(' '));
  if (place.empty() || error == npos) {
    return;  // not the core's words
  }
  const auto plain = "cannot bind " + std::string(place) + std::string(text.substr(error));
  complaint.transport = transport;
  if (const auto colon = place.rfind(':'); transport == Transport::tcp && colon != npos) {
    if (const auto port = ocf::parse_number(place.substr(colon + 1))) {
      complaint.port = static_cast<std::uint16_t>(*port);
    }
    place = place.substr(0, colon);
  }
  if (place.starts_with('[') && place.ends_with(']')) {
    place = place.substr(1, place.size() - 2);
  }
  complaint.address = std::string(place);
  complaint.kind = plain.ends_with("Cannot assign requested address") ? Cause::Kind::address_missing
                   : plain.ends_with("Address already in use")        ? Cause::Kind::port_in_use
                                                                      : Cause::Kind::other;
  complaint.text = plain;
}

// "load_cert:error:80000002:system library::No such file or directory (sni: unknown)"
std::string openssl_reason(std::string_view text) {
  const auto begin = text.rfind("::");
  return begin == npos ? std::string()
                       : std::string(text.substr(begin + 2, text.find(" (sni:") - begin - 2));
}

void drop_prefix(std::string_view& text, std::string_view prefix) {
  if (text.starts_with(prefix)) {
    text.remove_prefix(prefix.size());
  }
}

// Behind the level: "MODULE [FILE:LINE]: FUNCTION(): MESSAGE".
Complaint read_message(std::string_view rest, std::string_view conffile) {
  std::string module;
  if (const auto source = rest.find(" ["); source != npos && contains(rest, "]: ")) {
    // The log_prefix, if there is one, stands before the module.
    const auto before = rest.substr(0, source);
    module = std::string(before.substr(before.rfind(' ') + 1));
    (void)take_until(rest, "]: ");
  }
  const auto function = rest.substr(0, std::min(rest.find("(): "), rest.size()));
  std::string_view text = rest;
  if (!contains(function, " ")) {
    drop_prefix(text, std::string(function) + "(): ");
  }
  if (function == "tls_err_ret") {
    auto detail = complaint_of(openssl_reason(text));
    detail.is_detail = true;
    return detail;
  }
  // Some modules repeat their names.
  for (const auto& again :
       {std::string("ERROR: "), module + ": ", std::string(function) + ": ", std::string("BUG: "),
        std::string("cfg. parser: "), std::string("TLSs<default>: ")}) {
    drop_prefix(text, again);
  }
  // ctl and jsonrpcs print this about a unix socket.
  const bool makes_socket = text.starts_with("bind: ");
  auto complaint = complaint_of((makes_socket ? "cannot create its socket: " : "") +
                                std::string(text.substr(makes_socket ? text.find(' ') + 1 : 0)));
  if (contains(text, "bind(")) {
    read_bind(complaint, function == "udp_init" ? Transport::udp : Transport::tcp);
  } else if (contains(text, "bad protocol in tcp:")) {
    complaint.kind = Cause::Kind::tcp_disabled;
  }
  read_place(complaint, conffile);
  if (module != "<core>") {
    complaint.module = module;
    if (!module.empty() && !contains(complaint.text, module)) {
      complaint.text = module + ": " + complaint.text;
    }
  }
  return complaint;
}

// A line without a level is about the command line, or about the start as a whole.
std::optional<Complaint> read_line(std::string_view line, std::string_view conffile) {
  constexpr std::array<std::string_view, 5> marks = {"ERROR", "CRITICAL", "ALERT", "EMERG", "BUG"};
  constexpr std::array<std::string_view, 6> harmless = {"WARNING", "NOTICE",       "INFO",
                                                        "DEBUG",   "Listening on", "Aliases"};
  const bool is_marked = line.find_first_not_of("0123456789()") != npos &&
                         line.substr(0, line.find(' ')).ends_with(')');
  if (is_marked) {
    (void)take_until(line, " ");
  }
  const auto level = line.substr(0, std::min(line.find(':'), line.size()));
  // The only warning that explains an error.
  const bool is_fatal = contains(line, "attempting to load the same module twice");
  if (!is_fatal && std::ranges::find(harmless, level) != harmless.end()) {
    return std::nullopt;
  }
  if (is_marked || std::ranges::find(marks, level) != marks.end()) {
    (void)take_until(line, ":");
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return read_message(line, conffile);
  }
  if (line.starts_with("Unknown option code")) {
    line = "Unknown long option";
  }
  auto complaint = complaint_of(std::string(line.substr(0, line.find(". Use -h for help"))));
  complaint.is_unmarked = true;
  complaint.kind = is_of_command_line(line) ? Cause::Kind::command_line : Cause::Kind::unmarked;
  return complaint;
}

// A module looked for another one that it does not need, unless it prints further errors.
bool is_of_no_consequence(const std::vector<Complaint>& complaints, std::size_t index) {
  const auto& complaint = complaints[index];
  return contains(complaint.text, "cannot find bind_") &&
         (index + 1 == complaints.size() || complaints[index + 1].module != complaint.module);
}

std::vector<Complaint> read_complaints(std::string_view words, std::string_view conffile) {
  std::vector<Complaint> complaints;
  while (!words.empty()) {
    const auto end = std::min(words.find('\n'), words.size());
    const auto line = first_line(words.substr(0, end));
    // An indented line continues the line before it, or "Listening on".
    const bool is_indented = words.starts_with('\t') || words.starts_with("   ");
    if (auto complaint = line.empty() || is_indented || is_noise(line)
                             ? std::nullopt
                             : read_line(line, conffile)) {
      complaints.push_back(*std::move(complaint));
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  for (std::size_t i = complaints.size(); i-- > 0;) {
    if (is_of_no_consequence(complaints, i)) {
      complaints.erase(complaints.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return complaints;
}

std::string text_of(const Complaint& complaint) {
  return complaint.text + (complaint.place.empty() ? "" : " (" + complaint.place + ")");
}

}  // namespace

Cause cause_in(std::string_view words, std::string_view conffile) {
  const auto complaints = read_complaints(words, conffile);
  const auto may_be_cause = [](const Complaint& complaint) {
    return !complaint.text.empty() && !complaint.is_detail && !is_consequence(complaint.text);
  };
  const auto is_cause = [&](const Complaint& complaint) {
    return may_be_cause(complaint) &&
           (!complaint.is_unmarked || complaint.kind == Cause::Kind::command_line);
  };
  auto found = std::ranges::find_if(complaints, is_cause);
  if (found == complaints.end()) {
    found = std::ranges::find_if(complaints, may_be_cause);
  }
  if (found == complaints.end()) {
    return {};
  }
  Complaint cause = *found;
  if (const auto next = found + 1; next != complaints.end()) {
    const bool says_what_is_wrong =
        cause.text == "syntax error" && next->place == cause.place && !next->text.empty();
    if (says_what_is_wrong || next->is_detail) {
      cause.text += ": " + next->text;
    } else if (const auto lua = next->text.find("error from Lua: "); lua != npos) {
      cause.text = next->text.substr(lua);
    }
  }
  constexpr std::ptrdiff_t near = 3;  // itself and the next two
  for (auto next = found; next != complaints.end() && next - found < near; ++next) {
    if (cause.place.empty() && !cause.is_unmarked) {
      cause.place = next->place;
    }
  }
  cause.text = text_of(cause);
  // Either the mistake keeps the parser from the #!endif, or an open #!ifdef is the mistake.
  const auto directive = std::ranges::find_if(
      complaints, [](const Complaint& complaint) { return contains(complaint.text, directives); });
  if (directive != complaints.end() && !cause.place.empty()) {
    cause.text += ", and " + directive->text.substr(directives.size());
  }
  return static_cast<const Cause&>(cause);
}

std::string complaints_in(std::string_view words, std::string_view conffile) {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t told = 0;
  for (const auto& complaint : read_complaints(words, conffile)) {
    const auto words_of_it = text_of(complaint);
    if (!complaint.text.empty() && !contains(text, words_of_it) && told++ < most) {
      text += (text.empty() ? "" : "; ") + words_of_it;
    }
  }
  return text;
}

bool blames_passing_condition(std::string_view words) {
  constexpr std::array<std::string_view, 9> signs = {
      "Cannot allocate memory",
      "Too many open files",
      "Resource temporarily unavailable",
      "No space left on device",
      "Input/output error",
      "Text file busy",
      "Temporary failure in name resolution",
      "could not resolve",
      "Can't initialize shared memory",
  };
  return is_any_of(words, signs);
}

}  // namespace kamailio
