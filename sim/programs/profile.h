#pragma once

#include "agent/host/clock.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

// How actors behave. Without a word, as healthy programs on a quiet machine.
// sim/setup/profile_reader.cpp has the names under which a file sets these.

// "Never", as a time after which something happens.
inline constexpr host::Duration never = host::Duration::max();

struct SipReply {
  int code = 200;
  std::string reason = {};  // empty: that of RFC 3261
  host::Duration after{};   // since the request or the reply before
  int times = 1;
  std::string fields = {};                // further header fields, each with its line end
  std::optional<std::string> bytes = {};  // these instead of a SIP message
  bool closes = false;                    // tcp: ends the connection, behind what was sent
};

struct SipBehaviour {
  int ignores = 0;                               // so many requests first
  std::vector<SipReply> replies = {SipReply{}};  // to each request; none: silence
  std::size_t piece = 0;                         // tcp: bytes sent at a time; 0: all at once
  enum class Afterwards { stay, close, reset } afterwards = Afterwards::stay;  // tcp
};

// What the routes of a configuration say to OPTIONS with some Request-URI.
struct SipAnswer {
  std::string to = "*";   // a pattern, as fnmatch(3) has it
  std::string over = {};  // udp or tcp; empty: both
  SipReply reply;
};

struct KamailioProfile {
  // From the launch until it is initialised (measured: 13 ms with a small configuration).
  host::Duration start_takes = std::chrono::milliseconds(12);
  // What -c says of its configuration. A start refuses it, too, with those lines that are none of
  // its log.
  std::string config_error = {};
  std::string start_error = {};  // its log has this, and it exits with 255
  std::string child_error = {};  // the same, of its first child
  enum class Crash { none, before_daemon, as_daemon } crash = Crash::none;
  host::Duration crash_after{};  // since that moment
  host::Duration ready_after{};  // since the start: until then it answers nothing

  enum class AtSigterm {
    end,
    ignore,
    deadlock,  // the children end, the main process waits for ever
  } at_sigterm = AtSigterm::end;
  host::Duration end_takes = std::chrono::milliseconds(3);

  // Even SIGKILL has to wait while a process is in the kernel.
  enum class InKernel { no, from_start, from_sigterm } in_kernel = InKernel::no;
  host::Duration in_kernel_for = never;

  host::Duration main_dies_after = never;   // by SIGKILL, since it was initialised
  host::Duration child_dies_after = never;  // the first child, by SIGKILL
  host::Duration freezes_after = never;     // SIGSTOP to all

  enum class Transport { udp, tcp, rpc };
  std::set<Transport> deaf = {};  // it takes requests and does nothing
  // What its configuration says: the first one counts that is for the request.
  std::vector<SipAnswer> answers = {
      {.to = "sip:monitor@*", .reply = {.reason = "Kamailio is alive"}},
      {.reply = {.code = 404, .reason = "Not here"}}};
  std::optional<SipBehaviour> options = {};  // what it answers to OPTIONS instead
  int most_per_second = 0;                   // requests that it answers on each socket; 0: all

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
