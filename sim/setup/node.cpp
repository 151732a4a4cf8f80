#include "sim/setup/node.h"

#include "sim/programs/programs.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

constexpr const char* kamailio_path = "/usr/sbin/kamailio";

constexpr host::User kamailio_user = {.id = 113, .primary_group = 121};
constexpr host::Owner kamailio_owner = {.user = 113, .group = 121};

// The PID file after -P, which an agent passes.
std::string pid_file_in(const std::vector<std::string>& arguments) {
  const auto option = std::ranges::find(arguments, "-P");
  return arguments.end() - option > 1 ? *(option + 1) : "";
}

}  // namespace

void change_server(KamailioProfile& server, const std::function<void(Profile&)>& change) {
  Profile profile{.kamailio = std::move(server)};
  change(profile);
  server = std::move(profile.kamailio);
}

std::string kamailio_config(const std::string& run_directory) {
  return R"(#!KAMAILIO
debug=2
children=2
tcp_children=2
loadmodule "jsonrpcs.so"
loadmodule "ctl.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
modparam("jsonrpcs", "fifo_name", ")" +
         run_directory + R"(/kamailio_rpc.fifo")
modparam("jsonrpcs", "dgram_socket", ")" +
         run_directory + R"(/kamailio_rpc.sock")
modparam("ctl", "binrpc", "unixs:)" +
         run_directory + R"(/kamailio_ctl")
request_route {
  if (is_method("OPTIONS") && $ru =~ "sip:monitor@.*") {
    sl_send_reply("200", "Kamailio is alive");
    exit;
  }
  sl_send_reply("404", "Not here");
}
)";
}

std::vector<int> receivers(Whom whom, const std::map<int, int>& parents) {
  std::vector<int> pids;
  for (const auto& [pid, parent] : parents) {
    const bool is_main = std::ranges::any_of(
        parents, [pid = pid](const auto& other) { return other.second == pid; });
    if (whom == Whom::all || (whom == Whom::main) == is_main) {
      pids.push_back(pid);
    }
  }
  if (whom == Whom::first_child && pids.size() > 1) {
    pids.resize(1);
  }
  return pids;
}

Node::Node(std::uint64_t seed, Profile profile) : machine_(seed), profile_(std::move(profile)) {
  machine_.users.add_user("kamailio", kamailio_user);
  machine_.users.add_group("kamailio", kamailio_user.primary_group);
  // Accounts of every Debian.
  machine_.users.add_user("nobody", {.id = 65534, .primary_group = 65534});
  machine_.users.add_group("nogroup", 65534);
  machine_.users.add_group("daemon", 1);
  machine_.sockets.add_address("192.168.159.128");
  put_back();
}

void Node::put_back() {
  machine_.install(kamailio_path, [this](Stage& me) {
    return kamailio(profile_by(pid_file_in(me.arguments())))(me);
  });
  machine_.install("/usr/bin/sipsak", [this](Stage& me) { return sipsak(profile_.sipsak)(me); });
  machine_.install("/usr/sbin/kamctl", [this](Stage& me) { return kamctl(profile_.kamctl)(me); });
  constexpr unsigned executable = 0755;
  constexpr unsigned readable = 0644;
  constexpr unsigned shared = 0770;
  machine_.put_file("/usr/sbin/kamcmd", "", executable);
  machine_.put_file("/etc/kamailio/kamailio.cfg", kamailio_config(), readable);
  machine_.put_file("/etc/kamailio/kamctlrc", "", readable);
  machine_.put_directory("/run/kamailio", shared, kamailio_owner);
}

KamailioProfile& Node::profile_of(const cluster::Resource& instance) {
  return *profile_by(cluster::pid_file_of(instance));
}

const std::shared_ptr<KamailioProfile>& Node::profile_by(const std::string& pid_file) {
  auto& profile = profiles_[pid_file];
  if (!profile) {
    profile = std::make_shared<KamailioProfile>(profile_.kamailio);
  }
  return profile;
}

void Node::change_profiles(const std::function<void(Profile&)>& change) {
  change(profile_);
  for (const auto& [pid_file, server] : profiles_) {
    change_server(*server, change);
  }
}

AgentResult Node::run(const std::string& action, const cluster::Resource& instance,
                      const Operation& operation) {
  auto environment = cluster::environment_of({.resource = instance,
                                              .action = action,
                                              .timeout = operation.timeout,
                                              .check_level = operation.check_level,
                                              .further = operation.environment,
                                              .caller = operation.caller,
                                              .interval = operation.interval});
  return run_agent(machine_, {.arguments = {action},
                              .environment = std::move(environment),
                              .timeout = operation.timeout,
                              .kill_after = operation.kill_after,
                              .victim = operation.victim,
                              .on_call = operation.on_call});
}

void Node::pass(host::Duration duration) {
  machine_.time.pass_until(machine_.time.now() + duration);
}

int Node::send(int signal, Whom whom, const cluster::Resource& instance) {
  auto pids = processes_of(instance);
  if (pids.empty()) {
    return 0;
  }
  if (whom == Whom::main) {
    pids.resize(1);
  } else if (whom != Whom::all) {
    pids.erase(pids.begin());
    pids.resize(whom == Whom::first_child ? std::min<std::size_t>(pids.size(), 1) : pids.size());
  }
  for (const int pid : pids) {
    if (auto* const process = machine_.processes.find(pid)) {
      machine_.processes.send(*process, signal);
    }
  }
  return static_cast<int>(pids.size());
}

std::vector<int> Node::processes_of(const cluster::Resource& instance) const {
  const std::string pid_file = cluster::pid_file_of(instance);
  std::vector<int> pids;
  for (const auto& [pid, process] : machine_.processes.all()) {
    if (!process.ended && process.pid_namespace == 0 && !process.is_stranger &&
        pid_file_in(process.arguments) == pid_file) {
      pids.push_back(pid);
    }
  }
  return pids;
}

bool Node::has_file(const std::string& path) const { return machine_.files.exists(path); }

}  // namespace sim
