#include "sim/faults/faults.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {
namespace {

// Any process except those of the agent and of the instance.
Process& add_stranger(Node& node) {
  return node.machine().processes.add({.parent = Processes::init,
                                       .executable = "/usr/sbin/cron",
                                       .arguments = {"/usr/sbin/cron", "-f"},
                                       .name = "cron"});
}

void kill_agent(Node& node, const cluster::Resource& /*instance*/) {
  auto& processes = node.machine().processes;
  for (const auto& [pid, process] : processes.all()) {
    if (process.name == "agent" && !process.ended) {
      processes.send_to_group(process.group, SIGKILL);
      return;
    }
  }
}

void reuse_main_pid(Node& node, const cluster::Resource& instance) {
  const auto pids = node.processes_of(instance);
  if (pids.empty()) {
    return;
  }
  node.send(SIGKILL, Whom::all, instance);
  auto& processes = node.machine().processes;
  // The dead processes are reaped immediately, and PIDs wrap around.
  if (auto* const zombie = processes.find(pids.front()); zombie != nullptr && zombie->ended) {
    processes.reap(*zombie);
  }
  processes.set_next_pid(pids.front());
  // A wrap-around of PIDs takes longer than a clock tick.
  ++add_stranger(node).id.start_time;
}

// A new child of the main process, which no earlier listing contains.
void fork_one_more(Node& node, const cluster::Resource& instance) {
  const auto pids = node.processes_of(instance);
  if (!pids.empty()) {
    auto& processes = node.machine().processes;
    processes.fork(*processes.find(pids.front()));
  }
}

// In the machine's form: /var/run is a link to /run.
std::string pid_file(const cluster::Resource& instance) {
  return cluster::pid_file_of(instance).substr(std::string_view("/var").size());
}
std::string pid_directory(const cluster::Resource& instance) {
  return pid_file(instance).substr(0, pid_file(instance).rfind('/'));
}

Fault storage(const char* name, const char* reason, Storage storage) {
  return {.name = name,
          .reason = reason,
          .source = "write(2), open(2): ENOSPC, EROFS",
          .strike =
              [storage](Node& node, const cluster::Resource&) {
                node.machine().files.set_storage("/run", storage);
              },
          .repair =
              [](Node& node, const cluster::Resource&) {
                node.machine().files.set_storage("/run", Storage::sound);
              }};
}

// `place` selects the file or directory.
Fault file_fault(const char* name, const char* reason,
                 const std::function<std::string(const cluster::Resource&)>& place, int error) {
  return {.name = name,
          .reason = reason,
          .source = "open(2), read(2)",
          .strike =
              [place, error](Node& node, const cluster::Resource& instance) {
                node.machine().files.add_fault(place(instance), {.error = error});
              },
          .repair =
              [place](Node& node, const cluster::Resource& instance) {
                node.machine().files.remove_faults(place(instance));
              }};
}

Fault missing(const char* name, const char* reason, const std::string& path) {
  return {.name = name,
          .reason = reason,
          .source = "an upgrade of a package replaces files one by one",
          .strike =
              [path](Node& node, const cluster::Resource&) {
                if (node.has_file(path)) {
                  node.machine().files.vanish(path);
                }
              },
          .repair = [](Node& node, const cluster::Resource&) { node.put_back(); }};
}

Fault clock_step(const char* name, std::chrono::hours by) {
  return {
      .name = name,
      .reason = "somebody or NTP sets the wall clock, or the machine was asleep",
      .source = "clock_gettime(2): CLOCK_REALTIME",
      .strike = [by](Node& node, const cluster::Resource&) { node.machine().wall_offset += by; }};
}

std::vector<Fault> make_faults() {
  return {
      {.name = "agent-killed",
       .reason = "the cluster kills the agent's group at the timeout, whatever it is doing",
       .source = "pacemaker, lib/common/mainloop.c",
       .strike = kill_agent},
      {.name = "all-killed",
       .reason = "the kernel's OOM killer, or an administrator",
       .source = "measured fact: the PID file stays",
       .strike =
           [](Node& node, const cluster::Resource& instance) {
             node.send(SIGKILL, Whom::all, instance);
           }},
      {.name = "main-killed",
       .reason = "the children live on and keep the ports",
       .source = "measured fact",
       .strike =
           [](Node& node, const cluster::Resource& instance) {
             node.send(SIGKILL, Whom::main, instance);
           }},
      {.name = "child-killed",
       .reason = "Kamailio ends itself then",
       .source = "measured fact",
       .strike =
           [](Node& node, const cluster::Resource& instance) {
             node.send(SIGKILL, Whom::first_child, instance);
           }},
      {.name = "frozen",
       .reason = "the kernel still completes TCP connects, and SIGTERM stays pending",
       .source = "measured fact",
       .strike =
           [](Node& node, const cluster::Resource& instance) {
             node.send(SIGSTOP, Whom::all, instance);
           }},
      {.name = "pid-reused",
       .reason = "between a look at a process and a signal to it, its pid may become another's",
       .source = "kill(2); pidfd_open(2)",
       .strike = reuse_main_pid},
      {.name = "forks-meanwhile",
       .reason = "a process that forks while the table is read is not in the list",
       .source = "readdir(3) on /proc",
       .strike = fork_one_more},
      {.name = "directory-vanishes",
       .reason = "somebody cleans up /run",
       .source = "systemd-tmpfiles(8)",
       .strike =
           [](Node& node, const cluster::Resource& instance) {
             if (node.has_file(pid_directory(instance))) {
               node.machine().files.vanish(pid_directory(instance));
             }
           }},
      storage("disk-full", "no PID file can be written", Storage::full),
      storage("read-only", "a file system with errors is remounted read-only", Storage::read_only),
      file_fault("pid-file-unreadable", "a bad block", pid_file, EIO),
      file_fault(
          "config-unreadable", "the configuration is on a server that does not answer",
          [](const cluster::Resource&) { return std::string("/etc/kamailio"); }, ESTALE),
      missing("kamailio-missing", "the package is being upgraded", "/usr/sbin/kamailio"),
      missing("sipsak-missing", "the package is being upgraded", "/usr/bin/sipsak"),
      {.name = "fork-failure",
       .reason = "the limit of processes, or no memory",
       .source = "fork(2): EAGAIN",
       .strike = [](Node& node, const cluster::Resource&) { node.machine().spawn_error = EAGAIN; },
       .repair = [](Node& node, const cluster::Resource&) { node.machine().spawn_error.reset(); }},
      {.name = "process-table-unreadable",
       .reason = "a node out of descriptors must not look like one where nothing runs",
       .source = "open(2): ENFILE",
       .strike = [](Node& node,
                    const cluster::Resource&) { node.machine().process_table_error = ENFILE; },
       .repair = [](Node& node,
                    const cluster::Resource&) { node.machine().process_table_error.reset(); }},
      {.name = "address-moves-away",
       .reason = "the floating address of the service leaves the node",
       .source = "ocf:heartbeat:IPaddr2",
       .strike =
           [](Node& node, const cluster::Resource&) {
             node.machine().sockets.remove_address("192.168.159.128");
           },
       .repair =
           [](Node& node, const cluster::Resource&) {
             node.machine().sockets.add_address("192.168.159.128");
           }},
      {.name = "network-silent",
       .reason = "a firewall rule drops packets without a word",
       .source = "nft(8)",
       .strike = [](Node& node,
                    const cluster::Resource&) { node.machine().sockets.set_weather({.loss = 1}); },
       .repair = [](Node& node,
                    const cluster::Resource&) { node.machine().sockets.set_weather({}); }},
      clock_step("clock-set-back", std::chrono::hours(-24 * 365)),
      clock_step("clock-set-forward", std::chrono::hours(24 * 365)),
  };
}

}  // namespace

std::span<const Fault> faults() {
  static const std::vector<Fault> all = make_faults();
  return all;
}

}  // namespace sim
