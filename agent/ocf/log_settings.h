#pragma once

#include "agent/host/environment.h"
#include "agent/host/log.h"

#include <optional>
#include <string>
#include <string_view>

namespace ocf {

// The destinations of an agent's messages, by the rules of the cluster's shell agents
// (resource-agents, ocf-shellfuncs), so that the messages of all agents of a node are in the same
// place.
struct LogSettings {
  std::string tag;              // "kamailio(INSTANCE)[PID]"
  std::optional<int> facility;  // syslog facility, already shifted (RFC 3164: 8 times its number)
  std::string log_file;         // empty: none
  std::string debug_file;       // empty: none
  bool debug = false;           // whether debug messages are wanted
  bool on_terminal = false;     // a person is looking: standard error instead of all the above
  std::string exit_reason_prefix = "ocf-exit-reason:";
};

enum class Terminal { absent, present };

// Reads HA_LOGFACILITY, HA_LOGFILE, HA_DEBUGLOG and HA_debug, or, if they are unset,
// PCMK_logfacility, PCMK_logfile, PCMK_debuglog and PCMK_debug; and OCF_EXIT_REASON_PREFIX. An
// unknown facility, like "none", means no syslog; /dev/null means no debug log.
[[nodiscard]] LogSettings log_settings(const host::Environment& environment, std::string_view agent,
                                       std::string_view instance, int pid, Terminal terminal);

// "ERROR", "WARNING", ...: the first word of a shell agent's message.
[[nodiscard]] std::string level_name(host::Level level);

// RFC 3164 severity, 0 to 7.
[[nodiscard]] int syslog_severity(host::Level level);

// Makes a text one line: each run of line ends becomes "; ", other control characters (C1 too)
// become blanks, each byte that is not part of a UTF-8 character becomes "?" (and so do U+FFFE and
// U+FFFF), and the line is cut after 1000 bytes (ending in "..."), never inside a character.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace ocf
