#pragma once

#include "agent/host/environment.h"
#include "agent/host/log.h"

#include <optional>
#include <string>
#include <string_view>

namespace ocf {

// Where an agent's messages go: the rules of the cluster's shell agents (resource-agents,
// ocf-shellfuncs), so that all agents of a node are found in the same place.
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

// From HA_LOGFACILITY, HA_LOGFILE, HA_DEBUGLOG and HA_debug, or the PCMK_ names of the same
// (PCMK_logfacility, PCMK_logfile, PCMK_debuglog, PCMK_debug) where those are unset, and
// OCF_EXIT_REASON_PREFIX. An unknown facility, like "none", means no syslog; /dev/null means no
// debug log.
[[nodiscard]] LogSettings log_settings(const host::Environment& environment, std::string_view agent,
                                       std::string_view instance, int pid, Terminal terminal);

// "ERROR", "WARNING", ...: how the shell agents begin a message.
[[nodiscard]] std::string level_name(host::Level level);

// RFC 3164 severity, 0 to 7.
[[nodiscard]] int syslog_severity(host::Level level);

// The text with each run of line ends made "; ", other control characters (C1 too) made blanks,
// each byte that is not part of a UTF-8 character made "?" (and so are U+FFFE and U+FFFF), and cut
// after 1000 bytes (with "..." in place of what is lost), never inside a character.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace ocf
