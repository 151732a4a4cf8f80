#pragma once

#include "agent/kamailio/reason.h"
#include "agent/ocf/outcome.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace kamailio {

struct ReasonEntry {
  Reason reason;
  // What the outcome has; nothing: it stands beside another reason, which has one.
  std::optional<ocf::ExitCode> code;
  // {WORDS} stand for what differs each time.
  std::string_view text;
  std::string_view meaning;
  std::string_view remedy;
  // 4 if access was denied, and 1 for what may be over in a moment, such as a shortage of memory.
  bool has_other_codes = false;
};

inline constexpr auto reason_table = [] {
  using enum Reason;
  using enum ocf::ExitCode;
  constexpr auto beside = std::optional<ocf::ExitCode>();
  return std::to_array<ReasonEntry>({
      {no_action, invalid_arguments, "no action: expected one as the first argument",
       "The agent was run by hand without an action.",
       "Say which: start, stop, monitor, validate-all, meta-data."},
      {action_not_supported, unimplemented, "action {ACTION} is not supported",
       "The agent has no such action. Roles (promote, demote) and migration make no sense for "
       "Kamailio.",
       "Remove the operation, or promotable=true, from the resource."},
      {other_ocf_version, unimplemented,
       "OCF_RA_VERSION_MAJOR={VERSION}: this agent speaks version 1 of the OCF agent API",
       "A cluster with another agent interface has called.",
       "Use a version of Pacemaker that calls OCF 1.x agents."},
      {resource_without_name, invalid_arguments,
       "OCF_RESOURCE_INSTANCE is not set: the resource needs a name",
       "The name is part of the PID file's path, and the caller gave none.",
       "Set OCF_RESOURCE_INSTANCE when you run the agent by hand."},
      {resource_name_bad, not_configured,
       "OCF_RESOURCE_INSTANCE={NAME}: a resource name has no '/' and is not '..'",
       "The name becomes part of a path.", "Give the resource another name."},
      {check_level_bad, not_configured,
       "OCF_CHECK_LEVEL={LEVEL}: expected 0 (processes alone), 10 (health) or 20 (health in depth)",
       "The operation has a check level that is no number.",
       "Correct OCF_CHECK_LEVEL of the operation."},
      {output_lost, generic_error, "standard output cannot be written: {ERROR}",
       "The meta-data did not reach the caller: a full disk, or a reader that went away.",
       "Make room, or read all of the output."},
      {agent_hangs, generic_error, "{ACTION} did not end within {TIME}: {WHAT}",
       "A call into the kernel does not return: mostly a file on a dead NFS server or another file "
       "system that hangs.",
       "Mend the file system that is named, or move the file to a local one."},
      {parameter_bad, not_configured, "{PARAMETER}={VALUE}: {ALLOWED}",
       "The value can never be right, on no node.",
       "Set a value as described behind the colon; docs/parameters.md has them all."},
      {listen_address_not_set, not_configured,
       "listen_address is not set: expected the IP address on which Kamailio listens, or a proto "
       "that starts with conf_",
       "Without an address only the configuration file could say where to listen.",
       "Set listen_address, or proto=conf_udptcp."},
      {program_missing, not_installed, "{PARAMETER}={PATH} does not exist",
       "The program is not installed on this node, or elsewhere.",
       "Install it here, or correct the parameter."},
      {program_missing_everywhere, not_installed,
       "{PARAMETER}={PATH} does not exist, nor is it in another standard bin or sbin directory",
       "The program is not installed on this node.",
       "Install it (packages kamailio, sipsak). probe=builtin needs no sipsak, kamctlrc=none no "
       "kamctl."},
      {program_not_executable, not_permitted, "{PARAMETER}={PATH} cannot be executed: {ERROR}",
       "The file is there, and may not be run.",
       "Make it executable (mode 0755); look at the mount option noexec, at AppArmor and SELinux.",
       true},
      {program_not_started, not_installed, "cannot execute {PROGRAM: ERROR}",
       "The kernel refused to run the program: its interpreter is missing, it is for another "
       "architecture, or there is a shortage of processes or memory.",
       "Install the package anew; look at the limits of pacemaker.service.", true},
      {conffile_not_readable, invalid_arguments, "conffile={PATH: ERROR}",
       "Kamailio's configuration file is not on this node, or cannot be read.",
       "Put it there, on each node; or correct conffile.", true},
      {kamctlrc_not_readable, not_installed,
       "kamctlrc={PATH: ERROR}; with kamctlrc=none, or with rpc, the check goes without kamctl",
       "The check with kamctl is asked for (by default it is), and its file is missing.",
       "Set kamctlrc=none, or rpc, which takes its place; or install kamctl's file.", true},
      {file_not_regular, invalid_arguments, "{PARAMETER}={PATH}: expected a regular file",
       "It is a directory or a device.", "Correct the parameter."},
      {account_not_found, invalid_arguments, "{PARAMETER}={NAME}: {ERROR}",
       "kamuser or kamgroup is unknown on this node, or the service that knows users does not "
       "answer.",
       "Make the account on each node; look at /etc/nsswitch.conf.", true},
      {accounts_need_root, not_permitted,
       "kamuser and kamgroup need root, and the agent is not root",
       "Only root can become another user.", "Run the agent as root, as the cluster does."},
      {pid_directory_no_directory, invalid_arguments,
       "pidfile={PATH}: {DIRECTORY} exists and is not a directory",
       "The PID file cannot be made there.", "Correct pidfile, or leave it unset."},
      {pid_directory_not_readable, invalid_arguments, "pidfile={PATH: ERROR}",
       "The directory of the PID file cannot be looked at.",
       "Make it, or correct pidfile, or leave it unset.", true},
      {pid_directory_exposed, invalid_arguments,
       "pidfile={PATH}: {EXPOSURE}, so that others can make Kamailio overwrite any file as root; "
       "leave pidfile unset, or give the directory to root with mode 0755",
       "Kamailio opens its PID file as root and follows links.",
       "Leave pidfile unset, or take the directory for root alone."},
      {pid_directory_not_ready, generic_error, "cannot make way for pidfile={PATH: ERROR}",
       "The directory cannot be made, or an old file cannot be removed: a full or read-only file "
       "system, or something that is no PID file.",
       "Do what the error says; look at the file system of /run.", true},
      {pid_file_in_use, generic_error,
       "the PID file {PATH} is in use by process {PID}, which runs {PROGRAM} and not {BINARY}: "
       "stop it, or correct binary or pidfile",
       "Another Kamailio, started with the same PID file, lives.",
       "Stop that one, or give this resource a PID file of its own."},
      {listen_address_missing, generic_error,
       "listen_address={ADDRESS} is not on this node: start its IP address first, on the same node",
       "Kamailio cannot listen on an address that the node does not have.",
       "Put the IPaddr2 resource before this one in a group, or use colocation and order "
       "constraints."},
      {listen_missing, generic_error,
       "the address {ADDRESS} is not on this node, and a listen= of the configuration names it",
       "Kamailio cannot listen on an address that the node does not have.",
       "Start its IP address first, on the same node; or correct listen= in the file."},
      {port_in_use, generic_error, "{TRANSPORT} {ADDRESS} is in use (Address already in use)",
       "Something listens there, and the agent could not find out what.",
       "Find it with `ss -lpnut`, and stop it."},
      {port_in_use_by_process, generic_error,
       "{TRANSPORT} {ADDRESS} is in use by {PROCESS} of uid {UID}", "That process listens there.",
       "Stop it, or set another port."},
      {port_in_use_by_kamailio, generic_error,
       "{TRANSPORT} {ADDRESS} is in use: set another port, or stop {PROCESS} of uid {UID}",
       "Another Kamailio listens there: another resource with the same port (each listens on "
       "127.0.0.1, too), the distribution's own service, or one started by hand. The PID file says "
       "whose it is.",
       "If it is another resource, set another port; two with the same port need proto=conf_udptcp "
       "and a listen= of their own. If it is kamailio.service: systemctl disable --now kamailio."},
      {port_in_use_by_itself, generic_error,
       "{TRANSPORT} {ADDRESS} is in use, it seems by a listen= of conffile itself: set "
       "proto=conf_udptcp",
       "The configuration file listens on what listen_address, port and proto name, too.",
       "Set proto=conf_udptcp, conf_udp or conf_tcp; or remove listen= from the file."},
      {tcp_disabled, generic_error,
       "the configuration disables TCP (disable_tcp), which proto asks for: set proto=udp",
       "proto is udptcp unless it is set.", "Set proto=udp; or remove disable_tcp from the file."},
      {does_not_fork, invalid_arguments,
       "fork=no in conffile={PATH} (or what it includes): Kamailio has to start as a daemon; "
       "remove it",
       "With fork=no Kamailio stays in the foreground and has no children.", "Remove fork=no."},
      {configuration_refused, invalid_arguments,
       "conffile={PATH} is refused by {BINARY} -c{OPTIONS} (exit code {CODE})",
       "Kamailio found a mistake in the configuration; its own words for the cause stand before "
       "this text, with the line. The code is 1 if it blames something that may pass, such as a "
       "shortage of memory.",
       "Correct the file; try it with `kamailio -c -f FILE`."},
      {extra_options_refused, invalid_arguments,
       "extra_options={OPTIONS} is refused by {BINARY} (exit code {CODE})",
       "Kamailio does not know an option, or its value; its own words stand before this text.",
       "Correct extra_options; `kamailio -h` lists them."},
      {configuration_not_checked, generic_error,
       "conffile={PATH}: {BINARY} -c gave no answer; it was killed, or did not end in time",
       "Kamailio takes long to read its configuration: a name server or an include on a network "
       "that does not answer.",
       "Run `kamailio -c -f FILE` by hand; give the operation a longer timeout."},
      {check_does_not_pass, invalid_arguments,
       "{CAUSE}; so process {PID}, which runs here, would not pass its health check",
       "validate-all asks a server that already runs on this node, and it does not answer as these "
       "parameters want.",
       "Correct the parameter that stands first (probe_accept, probe_uri, monitoring_ip, rpc); if "
       "they are right, the server is ill."},
      {launch_refused, generic_error, "{BINARY} did not start (exit code {CODE})",
       "Kamailio ended during its start; its own words for the cause stand before this text.",
       "Do what they say."},
      {launch_killed, generic_error, "{BINARY} was killed by signal {SIGNAL} while it started",
       "It crashed (11, 6), or something killed it (9: the kernel for want of memory, an "
       "administrator).",
       "Look into the kernel's log and for a core file."},
      {launch_too_slow, generic_error,
       "{BINARY} was still initialising when the time for the start was over",
       "Kamailio waits for something: a database, a name server.",
       "Mend that, or give the start a longer timeout."},
      {launch_ended, generic_error, "{BINARY} -P {PIDFILE} started and ended at once",
       "It became a daemon, and one of its processes failed; its own words for the cause stand "
       "before this text.",
       "Do what they say."},
      {no_words, beside, "it did not say why; see its log",
       "Not even with its log on standard error did Kamailio tell a cause.",
       "Look into the log that Kamailio writes to."},
      {main_process_died_in_start, generic_error,
       "Kamailio's main process died during the start; {LAST SEEN}; see its log",
       "It was killed, or crashed, and has left children behind.",
       "Look into Kamailio's log, the kernel's log and for a core file."},
      {leftovers_survive, generic_error,
       "leftover processes of a crashed instance survived SIGKILL: {PROCESSES}",
       "They hang in the kernel, and hold the ports.",
       "Look at the storage they wait for; if it does not come back, restart the node."},
      {other_program_executed, generic_error,
       "binary={BINARY} executes another program, {PROGRAM}, which the agent would not recognise: "
       "set "
       "binary to that program",
       "A wrapper script stands in place of Kamailio.", "Set binary to the program itself."},
      {other_program_survives, beside, "what it started still runs",
       "What the wrapper had started could not be ended in time.", "Stop it by hand."},
      {not_healthy_in_time, generic_error,
       "{WHAT WAS SEEN}; so Kamailio did not become healthy in the time for the start",
       "It runs, but its health check fails; the answer or error stands first.",
       "Look up what stands first. Often the check does not fit the configuration: probe_accept, "
       "probe_uri, monitoring_ip, rpc."},
      {rpc_of_another, degraded,
       "{RPC}: the Kamailio there is process {PID}, and this instance is process {PID}: each "
       "instance needs an RPC socket of its own",
       "Two instances have the same RPC socket, and the last that started has taken it.",
       "Give each instance a socket of its own, in its file and in rpc."},
      {nothing_runs, not_running, "not running: no process runs {BINARY} with -P {PIDFILE}",
       "Nothing of the instance lives on this node. Where it should not run, this is the expected "
       "answer of a probe.",
       "Where it should run: look into Kamailio's log and the kernel's."},
      {look_alikes, beside, "look-alikes, which are left alone: {PROCESSES}",
       "They have the instance's command line, but run another program or as another user.",
       "Find out who started them."},
      {process_unknown, generic_error,
       "it is unknown whether {PROCESSES} ({NAME}) belongs to the instance with -P {PIDFILE}: "
       "{WHY}",
       "A process may be the instance's, and cannot be looked at, so the agent says neither that "
       "it runs nor that it does not.",
       "Mostly it is over in a moment. If not, end that process by hand."},
      {processes_not_visible, generic_error,
       "the processes of this node cannot be looked at: {ERROR}",
       "/proc is missing, or hides processes from the agent, or there is a shortage of descriptors "
       "or memory.",
       "Mount /proc without hidepid for root; look at the limits of pacemaker.service."},
      {main_process_gone, generic_error,
       "the main process of the instance with -P {PIDFILE} has died, or is just starting or "
       "ending; what lives is {PROCESSES}",
       "A crashed main process leaves children that hold the ports.",
       "The cluster stops what is left, and starts it again. Look into the kernel's log for the "
       "crash."},
      {main_process_stopped, beside, "its main process {PID} is stopped, by SIGSTOP or a debugger",
       "Somebody has halted the server. The code is that of the check that failed; beside a "
       "healthy check it is a warning in the log.",
       "Let it go on (SIGCONT), or let the cluster start it again."},
      {answers_of_another, generic_error, "the answers may come from another process",
       "The server is stopped, its UDP port is shared with another process, and an answer came.",
       "End the other process."},
      {options_rejected, generic_error,
       "OPTIONS {URI} over {TRANSPORT}: expected {REPLIES}, got \"{REPLY}\"; if that is right, add "
       "{STATUS} to probe_accept",
       "The server answers what probe_uri asks for, but not with what probe_accept names.",
       "If the answer is right for this configuration, name it in probe_accept (or any); if not, "
       "correct probe_uri, or look into the request route. If a start is under way, it goes on "
       "with "
       "the old value; then the cluster starts anew with the right one."},
      {options_failed, generic_error,
       "OPTIONS {URI} over {TRANSPORT}: expected {REPLIES}, got \"{REPLY}\"",
       "The server answers that it fails (5xx, 6xx): it lacks memory, or what its route needs does "
       "not work.",
       "Look into Kamailio's log; check level 20 with rpc shows its shared memory."},
      {options_refused, generic_error,
       "nothing listens on {MONITORING_IP}:{PORT} over {TRANSPORT} (Connection refused)",
       "The server runs, and has no socket at the address, port and transport that are asked.",
       "Compare monitoring_ip, port and proto with where Kamailio listens (`ss -lpnut`); "
       "extra_options=-T leaves out TCP."},
      {options_unanswered, generic_error, "OPTIONS {URI} over {TRANSPORT}: {ERROR}",
       "No final response came within half of the operation's timeout, or within probe_timeout. "
       "The server is frozen or overloaded, or its route sends the request on to another server or "
       "drops it.",
       "The cluster starts it again. If it comes back, take backtraces (`kamctl pstrap`) before it "
       "is killed. If the route does not answer OPTIONS, let it, as README shows."},
      {monitoring_ip_unreachable, generic_error,
       "monitoring_ip={ADDRESS} cannot be reached from this node: {ERROR}",
       "The node has no route to the address that is asked.",
       "Set monitoring_ip to an address on which Kamailio listens on this node."},
      {sipsak_unanswered, generic_error,
       "OPTIONS {URI} over {TRANSPORT}: expected {REPLIES}, got {WORDS} (sipsak exit code {CODE})",
       "sipsak got no final response; its own words tell why.",
       "The cluster starts the server again. If its route does not answer OPTIONS, let it, as "
       "README shows."},
      {sipsak_deceived, generic_error,
       "sipsak got a reply, but not from this server: {QUESTION}, asked by the agent: {ERROR}",
       "sipsak takes a reply from anybody, so the agent asks once more by itself.",
       "Set probe=builtin, and look who sends SIP responses on this node."},
      {tool_silent, generic_error, "{CHECK}: no answer within {TIME}",
       "sipsak or kamctl did not end: the server is frozen or overloaded.",
       "The cluster starts it again. If it comes back, take backtraces (`kamctl pstrap`) before it "
       "is killed."},
      {tool_abandoned, generic_error, "{CHECK}: the main process ended meanwhile",
       "Kamailio ended while it was asked.", "Look into Kamailio's log."},
      {tool_killed, generic_error, "{CHECK}: the tool was killed by signal {SIGNAL}",
       "sipsak or kamctl crashed, or something killed it.",
       "Set probe=builtin, and rpc in place of kamctl."},
      {kamctl_rejected, generic_error,
       "{KAMCTL} monitor 1: expected a line with \"since\", got {WORDS}",
       "kamctl does not reach the server: its FIFO is missing, or belongs to another instance.",
       "Load jsonrpcs with a FIFO; or set kamctlrc=none, or rpc."},
      {rpc_unanswered, degraded, "{RPC}: {METHOD}: {ERROR}",
       "The RPC socket gives no answer, or not the expected one. While the server itself answers "
       "SIP, this is shown and calls go on. Where nothing else shows that it lives, the code is 1.",
       "Check the socket's path and owner; restart the resource when it suits."},
      {rpc_fifo, degraded,
       "{RPC} is a FIFO and no socket: expected the dgram_socket of jsonrpcs (unixd:) or the "
       "binrpc of ctl (unixs:)",
       "The path is that of jsonrpcs' fifo_name.",
       "Give jsonrpcs a dgram_socket (transport 4, or 6 beside the FIFO), and set rpc to it."},
      {rpc_socket_missing, degraded,
       "{RPC}: No such file or directory: expected the dgram_socket of jsonrpcs (unixd:) or the "
       "binrpc of ctl (unixs:)",
       "The configuration has another path, or none, or another Kamailio that ended has removed "
       "it (kamailio.service, a start that failed).",
       "Compare rpc with the configuration; a restart makes the socket again."},
      {rpc_socket_deserted, degraded,
       "{RPC}: nobody takes commands at this socket (Connection refused)",
       "The file is there, and no process has it: it is what a former server left, or another one "
       "has made it and ended.",
       "A restart makes the socket again."},
      {rpc_socket_of_other_kind, degraded, "{RPC} is a socket of the other kind: set {OTHER}",
       "unixd: is for jsonrpcs' dgram_socket, unixs: for ctl's binrpc.", "Set rpc as it says."},
      {server_degraded, degraded, "degraded: {TROUBLES}",
       "The server answers, and suffers from what is named.",
       "Look up what is named; the cluster does nothing by itself."},
      {port_shared, beside,
       "UDP port {PORT} is also bound by {PROCESS} of uid {UID}, which may get the SIP requests "
       "instead",
       "Two sockets have the port (SO_REUSEADDR); the kernel gives requests to the newer one.",
       "End that process."},
      {memory_short, beside, "only {PERCENT} % of shared memory is free ({FREE} of {TOTAL} MiB)",
       "Kamailio will soon answer requests with 500, or not at all.",
       "Give it more (extra_options=-m MEGABYTES), and look for a leak (the RPC command mod.stats "
       "of the module kex)."},
      {worker_missing, beside, "process {PID} ({DESCRIPTION}) is missing",
       "Kamailio lists a process that does not live.", "Restart the resource when it suits."},
      {worker_stopped, beside, "process {PID} ({DESCRIPTION}) is stopped (SIGSTOP)",
       "Somebody or a debugger has halted one of its processes; requests that reach it wait.",
       "Let it go on (SIGCONT)."},
      {more_workers, beside, "and {COUNT} more of its processes",
       "They are missing or stopped, too.", "Restart the resource when it suits."},
      {pid_file_missing, beside, "the PID file {PATH} is missing",
       "Something has removed it. The agent finds the processes without it; beside a running "
       "server a recurring monitor says degraded until the next start.",
       "Look who cleans /run; restart the resource when it suits."},
      {pid_file_not_readable, beside, "the PID file cannot be read: {PATH: ERROR}",
       "The agent finds the processes without it; beside a running server a recurring monitor says "
       "degraded.",
       "Look at the file system of /run."},
      {pid_file_garbled, beside, "the PID file {PATH} does not contain a process id",
       "A disk was full, or something else has written there. The agent finds the processes "
       "without it; beside a running server a recurring monitor says degraded until the next "
       "start.",
       "Restart the resource when it suits: the start makes the file anew."},
      {pid_file_wrong, beside,
       "the PID file {PATH} names process {PID}, which is gone or not this instance",
       "It is what a crash left, or something else has written there. Beside a running server a "
       "recurring monitor says degraded until the next start.",
       "Where nothing runs, nothing: the next start makes it anew."},
      {still_running, generic_error, "still running after SIGTERM and SIGKILL: {PROCESSES}",
       "They hang in the kernel (state D), mostly on storage, or a tracer holds them.",
       "The cluster fences the node. Without fencing the resource is blocked: restart the node."},
      {not_ended, generic_error, "the processes of the instance cannot be ended: {ERROR}",
       "A signal cannot be sent, or the processes cannot be looked at.",
       "Run the agent as root; look at AppArmor and SELinux.", true},
  });
}();

[[nodiscard]] constexpr const ReasonEntry& entry_of(Reason reason) {
  return reason_table[static_cast<std::size_t>(reason)];
}

// Each reason stands in its place, and none is left out.
static_assert(std::ranges::all_of(reason_table, [](const ReasonEntry& entry) {
  return &entry == &entry_of(entry.reason);
}));
static_assert(reason_table.back().reason == Reason::not_ended);

}  // namespace kamailio
