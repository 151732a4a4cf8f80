#include "conformance/faults/bystanders.h"

#include "conformance/live/node.h"

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>

namespace faults {
namespace {

// They are found by what only they have in their argv.
std::vector<int> processes_with(const std::string& argument) {
  auto pids = node::all_pids();
  std::erase_if(pids, [&](int pid) {
    const auto arguments = live::arguments_of(pid);
    return std::ranges::find(arguments, argument) == arguments.end() || !live::lives(pid);
  });
  return pids;
}

// setpriv executes another program, and a Kamailio may be forking still.
std::vector<int> settled_processes_with(const std::string& argument) {
  std::vector<int> pids;
  std::vector<int> before = {-1};
  const bool settled = live::eventually([&] {
    before = std::exchange(pids, processes_with(argument));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return !pids.empty() && pids == before;
  });
  if (!settled) {
    throw std::runtime_error("bystander " + argument + " does not start");
  }
  return pids;
}

void wait_until_gone(const std::string& argument) {
  if (!live::eventually([&] { return processes_with(argument).empty(); })) {
    throw std::runtime_error("bystander " + argument + " does not end");
  }
}

bool is_untouched(int pid) { return live::lives(pid) && !node::is_stopped(pid); }

}  // namespace

Bystanders::Bystanders(const std::string& pid_file) {
  const std::string directory = "/run/bystander";
  std::filesystem::create_directories(directory);
  live::write_file("/etc/kamailio/bystander.cfg",
                   live::config_text({.extra = "children=1\ndisable_tcp=yes\n"}));
  // It is only named so.
  std::filesystem::copy_file("/bin/sleep", directory + "/kamailio");
  all_ = {
      {.what = "another Kamailio",
       .command = {"/usr/sbin/kamailio", "-f", "/etc/kamailio/bystander.cfg", "-l",
                   "udp:127.0.0.1:5070", "-P", directory + "/kamailio.pid"},
       .is_daemon = true},
      {.what = "a process of nobody named kamailio",
       .command = {"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                   directory + "/kamailio", "987654321"}},
      {.what = "an administrator's tail with the PID file's path in its argv",
       .command = {"tail", "-qf", "/dev/null", "--", "-P", pid_file, "bystander"}},
  };
  for (auto& bystander : all_) {
    start(bystander);
  }
}

void Bystanders::start(Bystander& bystander) {
  if (bystander.is_daemon) {
    live::run_program(bystander.command);
  } else {
    live::start_program(bystander.command);
  }
  bystander.pids = settled_processes_with(bystander.command.back());
}

std::vector<std::string> Bystanders::hurt() {
  std::vector<std::string> names;
  for (auto& bystander : all_) {
    if (std::ranges::all_of(bystander.pids, is_untouched)) {
      continue;
    }
    names.push_back(bystander.what);
    const auto& argument = bystander.command.back();
    for (const int pid : processes_with(argument)) {
      ::kill(pid, SIGKILL);
    }
    wait_until_gone(argument);
    start(bystander);
  }
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  return names;
}

}  // namespace faults
