#pragma once

#include "agent/kamailio/parameters.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kamailio {

// What a Kamailio that does not start says of it, on standard error or where its log goes: lines
// such as " 0(7) ERROR: tm [tm.c:9]: mod_init(): no memory", with a level from ERROR to EMERG, and
// what it says of its command line, which has no level. Read as Kamailio 5.6.3 writes them; see
// fixtures/refusals.

// The cause, as far as it can be read.
struct Cause {
  enum class Kind {
    none,             // nothing but consequences of something else ("Cannot fork")
    unmarked,         // words without a level, which may be anybody's: a library, a progress line
    other,            // it is for a human to read
    command_line,     // it has nothing to do with the configuration file
    address_missing,  // bind(2): EADDRNOTAVAIL
    port_in_use,      // bind(2): EADDRINUSE
    tcp_disabled,     // the command line has a TCP listener, and the file forbids TCP
  };

  Kind kind = Kind::none;
  // In a form for the first 100 characters of an exit reason: without process, level, source and
  // function, with the place in the configuration file. Empty if there is none.
  std::string text = {};
  Transport transport = Transport::udp;    // address_missing and port_in_use
  std::string address = {};                // with them, as Kamailio has it
  std::optional<std::uint16_t> port = {};  // with them; for UDP it does not tell the port

  friend bool operator==(const Cause&, const Cause&) = default;
};

// Kamailio tells the consequences of the cause behind it, each on a line of its own. A place in
// another file than `conffile`, which includes it, is told with its name.
[[nodiscard]] Cause cause_in(std::string_view words, std::string_view conffile);

// The first few of all its complaints, as evidence behind the cause, in the same form.
[[nodiscard]] std::string complaints_in(std::string_view words, std::string_view conffile);

// Whether it blames something that can be over in a moment (a shortage of memory, descriptors,
// processes or space, a name that cannot be resolved just now, a disk that does not answer), so
// that the configuration may well be right. As Kamailio 5.6.3 and strerror(3) say it.
[[nodiscard]] bool blames_passing_condition(std::string_view words);

}  // namespace kamailio
