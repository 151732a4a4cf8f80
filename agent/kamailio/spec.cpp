#include "agent/kamailio/spec.h"

#include <algorithm>
#include <cassert>

namespace kamailio {
namespace {

using ocf::ContentType;
using ocf::Reloadable;
using ocf::Required;

// Built once on first use, so that stop does not pay for the texts.
ocf::AgentSpec make_spec() {
  ocf::AgentSpec spec;
  spec.name = "kamailio";
  spec.version = AGENT_VERSION;
  spec.shortdesc = "Manages instances of the Kamailio SIP server";
  spec.longdesc =
      R"(Runs the Kamailio SIP server as a cluster resource and checks its health with SIP OPTIONS requests
(sent by sipsak, or by the agent itself with probe=builtin) and, for one instance on each node, with
"kamctl monitor", or for every instance over its own RPC socket (rpc).

It has all parameters of ocf:heartbeat:kamailio, so that it can replace that agent, and some more.

Several instances can run on one node. Each needs a PID file of its own (the default is one), a port
of its own, and usually a configuration file of its own. (Another address is not enough, since each
instance listens on 127.0.0.1 too, unless proto starts with conf_.) Use the agent's own checks
(probe=builtin and rpc): kamctl can watch only one instance, and other users of the node can forge
the answers of kamctl and sipsak. Each instance needs RPC sockets of its own: change them all
(dgram_socket and fifo_name of jsonrpcs, binrpc of ctl) when you copy a configuration file. Three
instances on the address 192.168.159.128:

  instance 1: listen_address=192.168.159.128 monitoring_ip=192.168.159.128 proto=udptcp port=5060
              probe=builtin rpc=unixd:/run/kamailio/kamailio_rpc.sock

  instance 2: listen_address=192.168.159.128 monitoring_ip=192.168.159.128 proto=udp port=5070
              conffile=/etc/kamailio/kamailio2.cfg
              probe=builtin rpc=unixd:/run/kamailio/rpc2.sock

  instance 3: listen_address=192.168.159.128 monitoring_ip=192.168.159.128 proto=tcp port=5080
              conffile=/etc/kamailio/kamailio3.cfg
              probe=builtin rpc=unixd:/run/kamailio/rpc3.sock

(Without probe and rpc, one of them can be checked with kamctl, and the others need kamctlrc=none.)

With probe_accept=any every final response passes the health check. For a stricter check, let the
request route of each configuration reply to it, for example with

  if (is_method("OPTIONS") && $ru =~ "sip:monitor@.*") {
      sl_send_reply("200", "Kamailio is alive");
      exit;
  }

which needs the modules sl, pv and textops.)";

  spec.parameters = {
      {.name = "binary",
       .default_value = "/usr/sbin/kamailio",
       .shortdesc = "Kamailio program",
       .longdesc =
           R"(Absolute path of the Kamailio program. If it is not set and /usr/sbin/kamailio does not exist, the
agent uses a program named kamailio in another standard bin or sbin directory.)"},
      {.name = "conffile",
       .default_value = "/etc/kamailio/kamailio.cfg",
       .shortdesc = "Kamailio configuration file",
       .longdesc = R"(Absolute path of the configuration file of this instance.)"},
      {.name = "pidfile",
       .default_value = "/var/run/kamailio_RESOURCE_ID/kamailio.pid",
       .unique_group = "pidfile",
       .shortdesc = "PID file",
       .longdesc =
           R"(Absolute path of the PID file. Each instance needs its own: the processes of the instance are
those that run the binary with this PID file (-P). If it is not set, or empty, the file is in a
directory named after the resource (RESOURCE_ID stands for its name), which belongs to root. Kamailio
writes this file as root, so the agent refuses a directory in which anybody but root can write.)"},
      {.name = "monitoring_ip",
       .default_value = "127.0.0.1",
       .reloadable = Reloadable::yes,
       .shortdesc = "IP address for health checks",
       .longdesc =
           R"(The IP address to which the OPTIONS requests go, usually the same as listen_address. Unless proto
starts with conf_, Kamailio listens on 127.0.0.1 too, so that the default fits any listen_address.
An IPv6 address needs probe=builtin, since sipsak does not support IPv6.)"},
      {.name = "listen_address",
       .unique_group = "listener",
       .required = Required::yes,
       .shortdesc = "IP address Kamailio listens on",
       .longdesc =
           R"(The IPv4 or IPv6 address on which Kamailio listens, with the port and protocols given by port and
proto. If proto starts with conf_, Kamailio listens where its configuration file says, and this
parameter is not used: leave it out (pcs then needs --force) or set any address.)"},
      {.name = "port",
       .type = ContentType::integer,
       .default_value = "5060",
       .unique_group = "listener",
       .shortdesc = "SIP port",
       .longdesc =
           R"(The port on which Kamailio listens and to which health checks go, 1 to 65535.)"},
      {.name = "extra_options",
       .shortdesc = "Further options for Kamailio",
       .longdesc =
           R"(Options that are appended to Kamailio's command line. They are split into words as by a POSIX shell,
with quotes and backslashes, but no shell is involved: nothing is expanded. -P, -D, -DD and -c are
not allowed, since with them Kamailio would not become this instance's daemon.)"},
      {.name = "proto",
       .options = {"udp", "tcp", "udptcp", "conf_udp", "conf_tcp", "conf_udptcp"},
       .default_value = "udptcp",
       .unique_group = "listener",
       .shortdesc = "SIP transports",
       .longdesc =
           R"(The transports on which Kamailio listens and which the agent checks: udp, tcp, or both (udptcp). With
conf_udp, conf_tcp and conf_udptcp Kamailio listens where its configuration file says, and the agent
checks the transports after the underscore.)"},
      {.name = "sipsak",
       .default_value = "/usr/bin/sipsak",
       .reloadable = Reloadable::yes,
       .shortdesc = "sipsak program",
       .longdesc =
           R"(Absolute path of sipsak, which sends the OPTIONS requests unless probe=builtin. If it is not set and
the default does not exist, the agent searches the other standard bin and sbin directories.)"},
      {.name = "kamctl",
       .default_value = "/usr/bin/kamctl",
       .reloadable = Reloadable::yes,
       .shortdesc = "kamctl program",
       .longdesc =
           R"(Absolute path of Kamailio's control tool. If it is not set and the default does not exist, the agent
searches the other standard bin and sbin directories (Debian has it in /usr/sbin).)"},
      {.name = "kamctlrc",
       .default_value = "/etc/kamailio/kamctlrc",
       .reloadable = Reloadable::yes,
       .shortdesc = "kamctl's configuration file; none: no kamctl",
       .longdesc =
           R"(Absolute path of kamctl's configuration file. With a path, "kamctl monitor 1" is part of the health
check, and it has to succeed. With the word none, or an empty value (which pcs cannot set), kamctl is
not used. If it is not set: the default path, or none if rpc is set, since rpc checks the same. kamctl
can reach only one instance on a node, and reads its own standard files whatever the path is: use it
for one instance at most.)"},
      {.name = "kamuser",
       .shortdesc = "User that Kamailio runs as",
       .longdesc =
           R"(The user, by name or number, that Kamailio becomes after its start as root. If it is empty or not set,
Kamailio runs as the user of its configuration file, or else as the agent's user, which is root under
Pacemaker.)"},
      {.name = "kamgroup",
       .shortdesc = "Group that Kamailio runs as",
       .longdesc =
           R"(The group, by name or number. If it is empty or not set: the primary group of kamuser.)"},
      {.name = "stop_grace",
       .reloadable = Reloadable::yes,
       .shortdesc = "Time between SIGTERM and SIGKILL",
       .longdesc =
           R"(How long stop waits for Kamailio to end after SIGTERM before it sends SIGKILL, such as 20, 20s, 1500ms
or 2min. If it is not set: the stop operation's timeout T less 7 seconds, but at least T/2, and 20
seconds if there is no timeout. It is shortened if it would leave no time for SIGKILL within T.)"},
      {.name = "probe",
       .options = {"sipsak", "builtin"},
       .default_value = "sipsak",
       .reloadable = Reloadable::yes,
       .shortdesc = "Program that sends the OPTIONS requests",
       .longdesc =
           R"(sipsak, or the agent itself (builtin). The agent's own probe needs no program, supports IPv6, takes
about a millisecond and checks all transports at the same time.)"},
      {.name = "probe_timeout",
       .reloadable = Reloadable::yes,
       .shortdesc = "Time for the reply to a health check",
       .longdesc =
           R"(How long monitor waits for all replies (SIP, RPC and kamctl) before it fails, such as 2, 2s or 500ms;
it also limits each check during start. Over UDP the request is repeated after 500 ms, 1.5 s and 3.5 s:
with less than a second, one lost packet can fail the check. If it is not set: half of the monitor
operation's timeout, or 15 s if that has none. It is shortened if the agent would be killed before it
could report.)"},
      {.name = "probe_accept",
       .default_value = "200",
       .reloadable = Reloadable::yes,
       .shortdesc = "SIP responses that count as alive",
       .longdesc =
           R"(The final responses to OPTIONS that count as alive: status codes and classes, separated by commas,
such as 200 or 2xx,404, or the word any. If it is not set: 200 with probe=builtin, and any 2xx with
sipsak, as with the stock agent. Set any if the configuration has no reply for the health check: a
404, with which most configurations reply to sip:monitor@..., proves that the server reads, routes and
replies, but not that everything works that a call needs, such as a database. If the route forwards
the request to a server that is down, no reply comes. For a stricter check, let the route reply with a
code of its own.)"},
      {.name = "probe_uri",
       .reloadable = Reloadable::yes,
       .shortdesc = "Request-URI of the OPTIONS requests",
       .longdesc =
           R"(The SIP URI in the OPTIONS requests. Set it if the configuration does not reply to the default with a
status that probe_accept lists: many reply with 200 to a URI without a user, such as
sip:192.168.159.128:5060. The request goes to monitoring_ip and port whatever the URI names; with
sipsak the URI has to name these. If it is not set, or empty: sip:monitor@MONITORING_IP:PORT.)"},
      {.name = "rpc",
       .unique_group = "rpc",
       .reloadable = Reloadable::yes,
       .shortdesc = "RPC socket of this instance; empty: none",
       .longdesc =
           R"(The socket on which this instance takes RPC commands: unixd:/path for the dgram_socket of the module
jsonrpcs, unixs:/path for a unix stream socket of the module ctl (binrpc). If it is set, the health
check includes an RPC command; it replaces kamctl, and works for any number of instances, each with a
socket of its own. Set it if the configuration has such a socket: a process that shares the SIP port
cannot reply there. Check level 20 also checks the server's processes and its shared memory, and
whether another instance replies. The word none, or an empty value, means no RPC.)"},
      {.name = "watch",
       .reloadable = Reloadable::yes,
       .shortdesc = "How long a recurring monitor waits for news",
       .longdesc =
           R"(How long a recurring monitor of check level 10 waits on the server before it returns, such as 100s. It
returns at once when the main process ends or one of the agent's own checks fails (probe=builtin and rpc,
see watch_interval; with probe=sipsak it only looks at the processes meanwhile). Set probe_timeout, too:
the monitor's timeout must be at least watch + probe_timeout + 2 s (2 x watch + 4 s without
probe_timeout). Use a short interval, since nothing watches the server between two monitors: for example
interval=1s timeout=120s with watch=100s probe_timeout=2s. Probes, monitors by hand, and the first monitor
after a start, a refresh, a change of a parameter or maintenance mode do not wait. Not used in a clone
with notify=true. If it is not set, or empty, no monitor waits.)"},
      {.name = "watch_interval",
       .default_value = "1s",
       .reloadable = Reloadable::yes,
       .shortdesc = "How often a waiting monitor checks the server",
       .longdesc =
           R"(The time between two of the agent's own checks while a monitor waits (watch), 100ms at least. A server
that lives and does not reply is reported after watch_interval and probe_timeout at most.)"},
      {.name = "watch_depth_interval",
       .reloadable = Reloadable::yes,
       .shortdesc = "How often a waiting monitor checks in depth",
       .longdesc =
           R"(How often a waiting monitor (watch) runs the checks of check level 20, which need rpc: at its beginning,
after each such interval, and at its end. It replaces a second monitor with OCF_CHECK_LEVEL=20, which the
cluster could run only between two monitors of level 10. At most watch. If it is not set, or empty: no
such checks.)"},
  };

  spec.actions = {
      {.name = "start", .timeout = "60s"},
      {.name = "stop", .timeout = "30s"},
      {.name = "status", .timeout = "30s", .interval = "10s"},
      // Level 0 is left out: pcs configures every monitor in this list, and level 0 checks less.
      {.name = "monitor", .timeout = "30s", .interval = "10s", .depth = "10"},
      {.name = "monitor", .timeout = "30s", .interval = "60s", .depth = "20"},
      {.name = "reload-agent", .timeout = "5s"},
      {.name = "meta-data", .timeout = "5s"},
      {.name = "validate-all", .timeout = "5s"},
      {.name = "notify", .timeout = "5s"},
  };
  return spec;
}

}  // namespace

const ocf::AgentSpec& agent_spec() {
  static const ocf::AgentSpec spec = make_spec();
  return spec;
}

const ocf::ParameterSpec& parameter_spec(std::string_view name) {
  const auto& parameters = agent_spec().parameters;
  const auto found = std::ranges::find(parameters, name, &ocf::ParameterSpec::name);
  assert(found != parameters.end());
  return *found;
}

}  // namespace kamailio
