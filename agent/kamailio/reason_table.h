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
  // The code of the outcome. Nothing for a text that is only added to another reason.
  std::optional<ocf::ExitCode> code;
  // {WORDS} are placeholders.
  std::string_view text;
  std::string_view meaning;
  std::string_view remedy;
  // The code can also be 4 (access was denied) or 1 (a condition that may pass, such as a shortage
  // of memory).
  bool has_other_codes = false;
};

inline constexpr auto reason_table = [] {
  using enum Reason;
  using enum ocf::ExitCode;
  constexpr auto beside = std::optional<ocf::ExitCode>();
  return std::to_array<ReasonEntry>({
      {no_action, invalid_arguments, "missing action: expected one as the first argument",
       "The agent was run by hand without an action.",
       "Name an action: start, stop, monitor, validate-all, meta-data."},
      {action_not_supported, unimplemented, "action {ACTION} is not supported",
       "The agent does not have this action. Roles (promote, demote) and migration make no sense "
       "for Kamailio.",
       "Remove the operation, or promotable=true, from the resource."},
      {other_ocf_version, unimplemented,
       "OCF_RA_VERSION_MAJOR={VERSION}: expected 1, the version of the OCF agent API",
       "The caller uses another version of the OCF agent API.",
       "Use a version of Pacemaker that calls OCF 1.x agents."},
      {resource_without_name, invalid_arguments,
       "OCF_RESOURCE_INSTANCE is not set: the resource needs a name",
       "The name is part of the PID file's path, and the caller gave none.",
       "Set OCF_RESOURCE_INSTANCE when you run the agent by hand."},
      {resource_name_bad, not_configured,
       "OCF_RESOURCE_INSTANCE={NAME}: expected a name without '/', and not '..'",
       "The name becomes part of a path.", "Give the resource another name."},
      {check_level_bad, not_configured,
       "OCF_CHECK_LEVEL={LEVEL}: expected 0 (processes only), 10 (health check) or 20 (in-depth "
       "health check)",
       "The operation has a check level that is not a number.",
       "Correct OCF_CHECK_LEVEL of the operation."},
      {output_lost, generic_error, "cannot write to standard output: {ERROR}",
       "The output did not reach the caller: the disk is full, or the reader closed the pipe.",
       "Free disk space, or read all of the output."},
      {agent_hangs, generic_error, "{ACTION} did not end within {TIME}: {WHAT}",
       "A system call does not return, usually because a file is on a dead NFS server or another "
       "file system that does not respond.",
       "Repair the file system of the named file, or move the file to a local one."},
      {parameter_bad, not_configured, "{PARAMETER}={VALUE}: {ALLOWED}",
       "The value is invalid on every node.",
       "Set a value of the form given after the colon; see docs/parameters.md."},
      {listen_address_not_set, not_configured,
       "listen_address is not set: expected the IP address on which Kamailio listens, or a proto "
       "that starts with conf_",
       "The parameters must name the address, unless proto leaves that to the configuration file.",
       "Set listen_address, or proto=conf_udptcp."},
      {watch_too_long, degraded,
       "watch={VALUE}: expected at most {LONGEST}: the monitor's timeout of {TIMEOUT} less {TIME} "
       "to "
       "report and {TIME} for the last check (probe_timeout, or half of the timeout)",
       "A monitor that waited so long could be killed by the cluster before it reports. It does "
       "not "
       "wait.",
       "Shorten watch, or give the monitor a longer timeout or a short probe_timeout."},
      {watch_and_notify, degraded, "watch is not used, since this clone has notify=true",
       "The cluster calls notify of each instance before it recovers one of them. A notification "
       "would wait for the end of the monitor, and the recovery for the notification.",
       "Remove notify=true from the clone, since the agent does nothing with it, or unset watch."},
      {watch_without_stamp, degraded, "watch is not used by the next monitor: {ERROR}",
       "A monitor waits only if the one before has left a file in HA_RSCTMP "
       "(/run/resource-agents).",
       "Free space there, or correct the directory: it belongs to root, and others cannot write "
       "in it, or it has the sticky bit."},
      {program_missing, not_installed, "{PARAMETER}={PATH} does not exist",
       "The program is not installed on this node, or has another path.",
       "Install it here, or correct the parameter."},
      {program_missing_everywhere, not_installed,
       "{PARAMETER}={PATH} does not exist, nor is it in another standard bin or sbin directory",
       "The program is not installed on this node.",
       "Install it (packages kamailio, sipsak). sipsak is not needed with probe=builtin, kamctl "
       "not with kamctlrc=none."},
      {program_not_executable, not_permitted, "{PARAMETER}={PATH} cannot be executed: {ERROR}",
       "The file exists but may not be executed.",
       "Make it executable (mode 0755); check the mount option noexec, AppArmor and SELinux.",
       true},
      {program_not_started, not_installed, "cannot execute {PROGRAM: ERROR}",
       "The kernel refused to run the program: its interpreter is missing, it is for another "
       "architecture, or the system is short of processes or memory.",
       "Reinstall the package; check the limits of pacemaker.service.", true},
      {conffile_not_readable, invalid_arguments, "conffile={PATH: ERROR}",
       "Kamailio's configuration file is not on this node, or cannot be read.",
       "Copy it to each node, or correct conffile.", true},
      {kamctlrc_not_readable, not_installed,
       "kamctlrc={PATH: ERROR}; to check without kamctl, set kamctlrc=none, or rpc",
       "The check with kamctl is enabled (the default), and its file is missing.",
       "Set kamctlrc=none, or rpc, which replaces it; or install kamctl's file.", true},
      {file_not_regular, invalid_arguments, "{PARAMETER}={PATH}: expected a regular file",
       "The path is that of a directory or a device.", "Correct the parameter."},
      {account_not_found, invalid_arguments, "{PARAMETER}={NAME}: {ERROR}",
       "kamuser or kamgroup is unknown on this node, or the name service does not respond.",
       "Create the account on each node; check /etc/nsswitch.conf.", true},
      {accounts_need_root, not_permitted,
       "kamuser and kamgroup need root, and the agent is not root",
       "Only root can become another user.", "Run the agent as root, as the cluster does."},
      {pid_directory_no_directory, invalid_arguments,
       "pidfile={PATH}: {DIRECTORY} exists and is not a directory",
       "The PID file cannot be created there.", "Correct pidfile, or leave it unset."},
      {pid_directory_not_readable, invalid_arguments, "pidfile={PATH: ERROR}",
       "The agent cannot inspect the directory of the PID file.",
       "Create it, or correct pidfile, or leave it unset.", true},
      {pid_directory_exposed, invalid_arguments,
       "pidfile={PATH}: {EXPOSURE}, so that others can make Kamailio overwrite any file as root; "
       "leave pidfile unset, or give the directory to root with mode 0755",
       "Kamailio opens its PID file as root and follows links.",
       "Leave pidfile unset, or make the directory writable by root only."},
      {pid_directory_not_ready, generic_error, "cannot prepare pidfile={PATH: ERROR}",
       "The directory cannot be created, or an old file cannot be removed: the file system is full "
       "or read-only, or the file is not a PID file.",
       "Fix the reported error; check the file system of /run.", true},
      {pid_file_in_use, generic_error,
       "the PID file {PATH} is in use by process {PID}, which runs {PROGRAM} and not {BINARY}: "
       "stop it, or correct binary or pidfile",
       "Another Kamailio that was started with the same PID file is running.",
       "Stop that one, or give this resource a PID file of its own."},
      {listen_address_missing, generic_error,
       "listen_address={ADDRESS} is not on this node: start its IP address first, on the same node",
       "Kamailio cannot listen on an address that the node does not have.",
       "Put the IPaddr2 resource before this one in a group, or use colocation and order "
       "constraints."},
      {listen_missing, generic_error,
       "address {ADDRESS} of a listen= in the configuration is not on this node",
       "Kamailio cannot listen on an address that the node does not have.",
       "Start its IP address first, on the same node; or correct listen= in the file."},
      {port_in_use, generic_error, "{TRANSPORT} {ADDRESS} is in use (Address already in use)",
       "Another process listens there, but the agent could not identify it.",
       "Find it with `ss -lpnut`, and stop it."},
      {port_in_use_by_process, generic_error,
       "{TRANSPORT} {ADDRESS} is in use by {PROCESS} of uid {UID}", "That process listens there.",
       "Stop it, or set another port."},
      {port_in_use_by_kamailio, generic_error,
       "{TRANSPORT} {ADDRESS} is in use: set another port, or stop {PROCESS} of uid {UID}",
       "Another Kamailio listens there: another resource with the same port (each listens on "
       "127.0.0.1, too), the distribution's own service, or one started by hand. The PID file "
       "shows which.",
       "If it is another resource, set another port; two with the same port need proto=conf_udptcp "
       "and a listen= of their own. If it is kamailio.service: systemctl disable --now kamailio."},
      {port_in_use_by_itself, generic_error,
       "{TRANSPORT} {ADDRESS} is in use, probably by a listen= in conffile itself: set "
       "proto=conf_udptcp",
       "The configuration file has a listen= for an address that listen_address, port and proto "
       "already set.",
       "Set proto=conf_udptcp, conf_udp or conf_tcp; or remove listen= from the file."},
      {tcp_disabled, generic_error,
       "the configuration disables TCP (disable_tcp), but proto includes it: set proto=udp",
       "The default of proto is udptcp.", "Set proto=udp; or remove disable_tcp from the file."},
      {does_not_fork, invalid_arguments,
       "fork=no in conffile={PATH} (or in a file it includes): Kamailio has to start as a daemon; "
       "remove it",
       "With fork=no Kamailio stays in the foreground and has no children.", "Remove fork=no."},
      {configuration_refused, invalid_arguments,
       "conffile={PATH} is refused by {BINARY} -c{OPTIONS} (exit code {CODE})",
       "Kamailio found an error in the configuration; its own message, with the line, stands "
       "before this text. The code is 1 if the message names a condition that may pass, such as a "
       "shortage of memory.",
       "Correct the file; try it with `kamailio -c -f FILE`."},
      {extra_options_refused, invalid_arguments,
       "extra_options={OPTIONS} is refused by {BINARY} (exit code {CODE})",
       "Kamailio does not accept an option, or its value; its own message stands before this text.",
       "Correct extra_options; `kamailio -h` lists them."},
      {configuration_not_checked, generic_error,
       "conffile={PATH}: {BINARY} -c was killed, or did not end in time",
       "Kamailio takes long to read its configuration: a name server does not respond, or an "
       "include is on a network file system that does not.",
       "Run `kamailio -c -f FILE` by hand; give the operation a longer timeout."},
      {check_does_not_pass, invalid_arguments,
       "{CAUSE}; so process {PID}, which runs here, would fail its health check",
       "validate-all checks a server that already runs on this node, and its reply is not the one "
       "that these parameters expect.",
       "Correct the parameter that the reason names first (probe_accept, probe_uri, rpc); if they "
       "are right, find out what is wrong with the server."},
      {launch_refused, generic_error, "{BINARY} did not start (exit code {CODE})",
       "Kamailio exited during its start; its own message for the cause stands before this text.",
       "Fix the cause."},
      {launch_killed, generic_error, "{BINARY} was killed by signal {SIGNAL} while it started",
       "It crashed (11, 6), or something killed it (9: the kernel when memory ran out, or an "
       "administrator).",
       "Check the kernel log, and look for a core file."},
      {launch_too_slow, generic_error,
       "{BINARY} was still initialising when the time for the start ran out",
       "Kamailio waits for something: a database, a name server.",
       "Repair that, or give the start a longer timeout."},
      {launch_ended, generic_error, "{BINARY} -P {PIDFILE} started and ended at once",
       "Kamailio became a daemon, and one of its processes failed; its own message for the cause "
       "stands before this text.",
       "Fix the cause."},
      {no_words, beside, "no error message; see its log",
       "Kamailio printed no cause, not even with its log on standard error.",
       "Check the log that Kamailio writes to."},
      {main_process_died_in_start, generic_error,
       "Kamailio's main process died during the start; {LAST CHECK}; see its log",
       "It was killed, or crashed, and has left children behind.",
       "Check Kamailio's log and the kernel log, and look for a core file."},
      {leftovers_survive, generic_error,
       "leftover processes of a crashed instance survived SIGKILL: {PROCESSES}",
       "They hang in the kernel, and hold the ports.",
       "Check the storage that they wait for; if it does not come back, restart the node."},
      {other_program_executed, generic_error,
       "binary={BINARY} executes another program, {PROGRAM}, which the agent would not recognise: "
       "set binary to that program",
       "The parameter names a wrapper script instead of Kamailio.",
       "Set binary to the program itself."},
      {other_program_survives, beside, "processes that it started still run",
       "The processes that the wrapper started could not be ended in time.", "Stop them by hand."},
      {not_healthy_in_time, generic_error,
       "{LAST CHECK}; so Kamailio did not become healthy in the time for the start",
       "Kamailio runs, but its health check fails; the reply or error stands first.",
       "Look up the first text in this document. Often the check does not match the configuration: "
       "probe_accept, probe_uri, monitoring_ip, rpc."},
      {rpc_of_another, degraded,
       "{RPC} belongs to Kamailio process {PID}, not to this instance (process {PID}): each "
       "instance needs an RPC socket of its own",
       "Two instances have the same RPC socket, and the one that started last has taken it.",
       "Give each instance a socket of its own, in its file and in rpc."},
      {nothing_runs, not_running, "not running: no process runs {BINARY} with -P {PIDFILE}",
       "No process of the instance runs on this node. If a probe returns it where the instance "
       "should not run, it is the expected result.",
       "Where it should run: check Kamailio's log and the kernel log."},
      {look_alikes, beside, "look-alikes, which are left alone: {PROCESSES}",
       "They have the instance's command line, but run another program or run as another user.",
       "Find out who started them."},
      {process_unknown, generic_error,
       "it is unknown whether {PROCESSES} ({NAME}) belongs to the instance with -P {PIDFILE}: "
       "{WHY}",
       "A process that the agent cannot inspect may belong to the instance, so the agent reports "
       "neither that it runs nor that it does not.",
       "Usually this passes in a moment. If not, end that process by hand."},
      {processes_not_visible, generic_error, "cannot list the processes of this node: {ERROR}",
       "/proc is missing, or hides processes from the agent, or the system is short of descriptors "
       "or memory.",
       "Mount /proc without hidepid for root; check the limits of pacemaker.service."},
      {main_process_gone, generic_error,
       "the main process of the instance with -P {PIDFILE} has died, or is just starting or "
       "ending; still running: {PROCESSES}",
       "A main process that crashes leaves children that hold the ports.",
       "The cluster stops the remaining processes and starts the instance again. Check the kernel "
       "log for the crash."},
      {main_process_stopped, beside, "its main process {PID} is stopped, by SIGSTOP or a debugger",
       "Somebody has stopped the server. The code is that of the check that failed; if the health "
       "check succeeds, this is a warning in the log.",
       "Resume it (SIGCONT), or let the cluster start it again."},
      {answers_of_another, generic_error, "the replies may come from another process",
       "The server is stopped, its UDP port is shared with another process, and a reply came.",
       "End the other process."},
      {options_rejected, generic_error,
       "OPTIONS {URI} over {TRANSPORT}: expected {REPLIES}, got \"{REPLY}\"; if that is right, add "
       "{STATUS} to probe_accept",
       "The server replies to probe_uri, but not with a status that probe_accept lists.",
       "If the reply is right for this configuration, add it to probe_accept (or set any); if not, "
       "correct probe_uri, or check the request route. A start that is under way keeps the old "
       "value; the cluster then starts the instance again with the new one."},
      {options_failed, generic_error,
       "OPTIONS {URI} over {TRANSPORT}: expected {REPLIES}, got \"{REPLY}\"",
       "The server replies with a failure (5xx, 6xx): it lacks memory, or something that its route "
       "needs does not work.",
       "Check Kamailio's log; check level 20 with rpc reports its shared memory."},
      {options_refused, generic_error,
       "nothing listens on {MONITORING_IP}:{PORT} over {TRANSPORT} (Connection refused)",
       "The server runs, but has no socket at this address, port and transport.",
       "Compare monitoring_ip, port and proto with where Kamailio listens (`ss -lpnut`); "
       "extra_options=-T leaves out TCP."},
      {options_unanswered, generic_error, "OPTIONS {URI} over {TRANSPORT}: {ERROR}",
       "No final response came within half of the operation's timeout, or within probe_timeout. "
       "The server is frozen or overloaded, or its route forwards the request to another server or "
       "drops it.",
       "The cluster starts it again. If this comes back, take backtraces (`kamctl pstrap`) before "
       "the server is killed. If the route does not reply to OPTIONS, add a reply, as README "
       "shows."},
      {monitoring_ip_unreachable, generic_error,
       "monitoring_ip={ADDRESS} cannot be reached from this node: {ERROR}",
       "The node has no route to this address.",
       "Set monitoring_ip to an address on which Kamailio listens on this node."},
      {sipsak_unanswered, generic_error,
       "OPTIONS {URI} over {TRANSPORT}: expected {REPLIES}, got {WORDS} (sipsak exit code {CODE})",
       "sipsak got no final response; its own message gives the cause.",
       "The cluster starts the server again. If its route does not reply to OPTIONS, add a reply, "
       "as README shows."},
      {sipsak_deceived, generic_error,
       "sipsak got a reply, but not from this server: {CHECK}, sent by the agent: {ERROR}",
       "sipsak accepts a reply from any sender, so the agent repeats the request itself.",
       "Set probe=builtin, and find out what sends SIP responses on this node."},
      {tool_silent, generic_error, "{CHECK}: no answer within {TIME}",
       "sipsak or kamctl did not end: the server is frozen or overloaded.",
       "The cluster starts it again. If this comes back, take backtraces (`kamctl pstrap`) before "
       "the server is killed."},
      {tool_abandoned, generic_error, "{CHECK}: the main process ended meanwhile",
       "Kamailio ended during the check.", "Check Kamailio's log."},
      {tool_killed, generic_error, "{CHECK}: the tool was killed by signal {SIGNAL}",
       "sipsak or kamctl crashed, or something killed it.",
       "Set probe=builtin, and rpc in place of kamctl."},
      {kamctl_rejected, generic_error,
       "{KAMCTL} monitor 1: expected a line with \"since\", got {WORDS}",
       "kamctl cannot reach the server: its FIFO is missing, or belongs to another instance.",
       "Load jsonrpcs with a FIFO; or set kamctlrc=none, or rpc."},
      {rpc_unanswered, degraded, "{RPC}: {METHOD}: {ERROR}",
       "The RPC socket gives no reply, or not the expected one. While the server itself replies to "
       "SIP, the cluster shows this and calls go on. If no other check shows that the server is "
       "alive, the code is 1.",
       "Check the socket's path and owner; restart the resource when convenient."},
      {rpc_fifo, degraded,
       "{RPC} is a FIFO, not a socket: expected the dgram_socket of jsonrpcs (unixd:) or the "
       "binrpc of ctl (unixs:)",
       "The path is that of jsonrpcs' fifo_name.",
       "Give jsonrpcs a dgram_socket (transport 4, or 6 beside the FIFO), and set rpc to it."},
      {rpc_socket_missing, degraded,
       "{RPC}: No such file or directory: expected the dgram_socket of jsonrpcs (unixd:) or the "
       "binrpc of ctl (unixs:)",
       "The configuration has another path, or none, or another Kamailio that ended has removed it "
       "(kamailio.service, a start that failed).",
       "Compare rpc with the configuration; a restart creates the socket again."},
      {rpc_socket_deserted, degraded,
       "{RPC}: no process listens on this socket (Connection refused)",
       "The file exists, but no process has it open: a former server left it, or another one "
       "created it and ended.",
       "A restart creates the socket again."},
      {rpc_socket_of_other_kind, degraded, "{RPC}: wrong type of socket: set {OTHER}",
       "unixd: is for jsonrpcs' dgram_socket, unixs: for ctl's binrpc.",
       "Set rpc to the value that the reason gives."},
      {server_degraded, degraded, "degraded: {TROUBLES}",
       "The server replies, but has the problems that are named.",
       "Look up each of them in this document; the cluster takes no action."},
      {port_shared, beside,
       "UDP port {PORT} is also bound by {PROCESS} of uid {UID}, which may get the SIP requests "
       "instead",
       "Two sockets have the port (SO_REUSEADDR); the kernel gives requests to the newer one.",
       "End that process."},
      {memory_short, beside, "only {PERCENT} % of shared memory is free ({FREE} of {TOTAL} MiB)",
       "Kamailio will soon reply with 500 to requests, or not at all.",
       "Give it more (extra_options=-m MEGABYTES), and look for a leak (the RPC command mod.stats "
       "of the module kex)."},
      {worker_missing, beside, "process {PID} ({DESCRIPTION}) is missing",
       "Kamailio lists a process that does not run.", "Restart the resource when convenient."},
      {worker_stopped, beside, "process {PID} ({DESCRIPTION}) is stopped (SIGSTOP)",
       "SIGSTOP or a debugger has stopped a worker process; requests that reach it wait.",
       "Resume it (SIGCONT)."},
      {more_workers, beside, "and {COUNT} more of its processes",
       "They are missing or stopped, too.", "Restart the resource when convenient."},
      {pid_file_missing, beside, "the PID file {PATH} is missing",
       "Something has removed it. The agent finds the processes without it; while the server runs, "
       "a recurring monitor returns degraded until the next start.",
       "Find out what cleans /run; restart the resource when convenient."},
      {pid_file_not_readable, beside, "the PID file cannot be read: {PATH: ERROR}",
       "The agent finds the processes without it; while the server runs, a recurring monitor "
       "returns degraded.",
       "Check the file system of /run."},
      {pid_file_garbled, beside, "the PID file {PATH} does not contain a process id",
       "The disk was full, or another program has written to the file. The agent finds the "
       "processes without it; while the server runs, a recurring monitor returns degraded until "
       "the next start.",
       "Restart the resource when convenient: the start writes the file anew."},
      {pid_file_wrong, beside,
       "the PID file {PATH} names process {PID}, which is gone or not this instance",
       "A crash left it, or another program has written to it. While the server runs, a recurring "
       "monitor returns degraded until the next start.",
       "If the instance does not run, do nothing: the next start writes the file anew. If it runs, "
       "restart the resource when convenient."},
      {still_running, generic_error, "still running after SIGTERM and SIGKILL: {PROCESSES}",
       "They hang in the kernel (state D), usually because of storage, or a tracer holds them.",
       "The cluster fences the node. Without fencing the resource is blocked: restart the node."},
      {not_ended, generic_error, "cannot end the processes of the instance: {ERROR}",
       "A signal cannot be sent, or the processes cannot be inspected.",
       "Run the agent as root; check AppArmor and SELinux.", true},
  });
}();

[[nodiscard]] constexpr const ReasonEntry& entry_of(Reason reason) {
  return reason_table[static_cast<std::size_t>(reason)];
}

// The table has every reason, in the order of the enumeration.
static_assert(std::ranges::all_of(reason_table, [](const ReasonEntry& entry) {
  return &entry == &entry_of(entry.reason);
}));
static_assert(reason_table.back().reason == Reason::not_ended);

}  // namespace kamailio
