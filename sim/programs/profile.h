#pragma once

#include "agent/host/clock.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

// The behaviour of actors. The default is that of healthy programs on a quiet machine.
// sim/setup/profile_reader.cpp has the names under which a file sets these.

// The time of an event that never happens.
inline constexpr host::Duration never = host::Duration::max();

struct SipReply {
  int code = 200;
  std::string reason = {};  // empty: that of RFC 3261
  host::Duration after{};   // since the request or the previous reply
  int times = 1;
  std::string fields = {};                // additional header fields, each with its line end
  std::optional<std::string> bytes = {};  // sent instead of a SIP message
  bool closes = false;                    // tcp: closes the connection after the reply
};

struct SipBehaviour {
  int ignores = 0;  // the number of requests without a reply at the beginning
  std::vector<SipReply> replies = {SipReply{}};  // to each request; empty: no reply
  std::size_t piece = 0;                         // tcp: bytes sent at a time; 0: all at once
  enum class Afterwards { stay, close, reset } afterwards = Afterwards::stay;  // tcp
};

// The reply of a configuration's routes to OPTIONS with a certain Request-URI.
struct SipAnswer {
  std::string to = "*";   // a pattern for fnmatch(3)
  std::string over = {};  // udp or tcp; empty: both
  SipReply reply;
};

struct KamailioProfile {
  // From the launch to the end of the initialisation (measured: 13 ms with a small configuration).
  host::Duration start_takes = std::chrono::milliseconds(12);
  // The output of -c. A start fails, too, and prints the lines that do not go to the log.
  std::string config_error = {};
  std::string start_error = {};  // it logs this and exits with 255
  std::string child_error = {};  // the same for its first child
  enum class Crash { none, before_daemon, as_daemon } crash = Crash::none;
  host::Duration crash_after{};  // since the moment that `crash` names
  host::Duration ready_after{};  // since the start; it does not answer before

  enum class AtSigterm {
    end,
    ignore,
    deadlock,  // the children end, the main process hangs
  } at_sigterm = AtSigterm::end;
  host::Duration end_takes = std::chrono::milliseconds(3);

  // SIGKILL has no effect while a process is in the kernel.
  enum class InKernel { no, from_start, from_sigterm } in_kernel = InKernel::no;
  host::Duration in_kernel_for = never;

  host::Duration main_dies_after = never;   // by SIGKILL, since the initialisation
  host::Duration child_dies_after = never;  // the first child, by SIGKILL
  host::Duration freezes_after = never;     // SIGSTOP to all

  enum class Transport { udp, tcp, rpc };
  std::set<Transport> deaf = {};  // transports over which it receives requests without answering
  // The replies of its configuration: the first entry that matches the request counts.
  std::vector<SipAnswer> answers = {
      {.to = "sip:monitor@*", .reply = {.reason = "Kamailio is alive"}},
      {.reply = {.code = 404, .reason = "Not here"}}};
  std::optional<SipBehaviour> options = {};  // its replies to OPTIONS instead of `answers`
  int most_per_second = 0;                   // answered requests on each socket; 0: all

  bool leaves_pid_file = false;
  int free_memory_percent = 96;  // of the shared memory
};

struct SipsakProfile {
  enum class Ill { no, hangs, crashes, floods } ill = Ill::no;
};

struct KamctlProfile {
  enum class Ill { no, hangs, garbage } ill = Ill::no;
  host::Duration takes = std::chrono::milliseconds(55);  // measured
  enum class Form { current, older, newer } form = Form::current;
};

struct Profile {
  KamailioProfile kamailio;
  SipsakProfile sipsak;
  KamctlProfile kamctl;
  SipBehaviour responder;
};

}  // namespace sim
