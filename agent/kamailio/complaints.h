#pragma once

#include <string>
#include <string_view>

namespace kamailio {

// What a Kamailio that does not start says of it, on standard error or where its log goes: lines
// such as " 0(7) ERROR: tm [tm.c:9]: mod_init(): no memory", with a level from ERROR to EMERG, and
// what it says of its command line, which has no level. Read as Kamailio 5.6.3 writes them; see
// fixtures/refusals.

// The cause, in a form for the first 100 characters of an exit reason: without process, level,
// source and function, with the place in the configuration file. Kamailio tells its consequences
// behind it, each on a line of its own; empty if it tells nothing but those ("Cannot fork").
[[nodiscard]] std::string cause_in(std::string_view words);

// The first few of all its complaints, as evidence behind the cause, in the same form.
[[nodiscard]] std::string complaints_in(std::string_view words);

// Whether it blames something that can be over in a moment (a shortage of memory, descriptors,
// processes or space, a name that cannot be resolved just now, a disk that does not answer), so
// that the configuration may well be right. As Kamailio 5.6.3 and strerror(3) say it.
[[nodiscard]] bool blames_passing_condition(std::string_view words);

}  // namespace kamailio
