#pragma once

#include "agent/kamailio/parameters.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kamailio {

// Reads the error messages of a Kamailio that does not start, from standard error or its log: lines
// such as " 0(7) ERROR: tm [tm.c:9]: mod_init(): no memory", with a level from ERROR to EMERG, and
// messages about its command line, which have no level. The format is that of Kamailio 5.6.3; see
// fixtures/refusals.

// The cause, as far as it can be found.
struct Cause {
  enum class Kind {
    none,             // there are only consequences of something else ("Cannot fork")
    unmarked,         // a line without a level, perhaps of a library, or about progress
    other,            // any other message
    command_line,     // the error is in the command line, not in the configuration file
    address_missing,  // bind(2): EADDRNOTAVAIL
    port_in_use,      // bind(2): EADDRINUSE
    tcp_disabled,     // the command line has a TCP listener, and the file forbids TCP
  };

  Kind kind = Kind::none;
  // The message in a form for the first 100 characters of an exit reason: without process, level,
  // source and function, with the place in the configuration file. Empty if there is none.
  std::string text = {};
  Transport transport = Transport::udp;    // address_missing and port_in_use
  std::string address = {};                // for the same kinds, as Kamailio prints it
  std::optional<std::uint16_t> port = {};  // for the same kinds; not printed for UDP

  friend bool operator==(const Cause&, const Cause&) = default;
};

// Finds the cause. Kamailio prints its consequences after it, each on a line of its own. The place
// of an error in a file other than `conffile`, which includes it, comes with the file's name.
[[nodiscard]] Cause cause_in(std::string_view words, std::string_view conffile);

// The first few error messages, in the same form, as evidence after the cause.
[[nodiscard]] std::string complaints_in(std::string_view words, std::string_view conffile);

// Whether an error message names a condition that can be over in a moment (a shortage of memory,
// descriptors, processes or space, a name that cannot be resolved now, a disk that does not
// respond), so that the configuration may be right. The texts are those of Kamailio 5.6.3 and
// strerror(3).
[[nodiscard]] bool blames_passing_condition(std::string_view words);

}  // namespace kamailio
