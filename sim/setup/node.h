#pragma once

#include "sim/cluster/call.h"
#include "sim/host/agent_run.h"
#include "sim/machine/machine.h"
#include "sim/programs/profile.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim {

struct Operation {
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  std::optional<int> check_level = {};
  std::optional<host::Duration> kill_after = {};
  AgentCall::Victim victim = AgentCall::Victim::group;
  host::Environment environment = {};  // besides what the caller always sets
  cluster::Caller caller = cluster::Caller::pacemaker;
  OnCall on_call = {};
};

enum class Whom { main, all, children, first_child };

// Those of a Kamailio's processes, given with their parents, in ascending order. The main process
// is one that has others as children.
[[nodiscard]] std::vector<int> receivers(Whom whom, const std::map<int, int>& parents);

// A node on which Kamailio, sipsak and kamctl are installed as Debian does it: addresses 127.0.0.1,
// ::1 and 192.168.159.128, a user kamailio, and a configuration that answers OPTIONS and offers RPC
// through a FIFO (for kamctl) and sockets.
class Node {
 public:
  explicit Node(std::uint64_t seed = 1, Profile profile = {});
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] Machine& machine() { return machine_; }

  // How programs behave: servers from this moment on, the others from their next start. For
  // kamailio it is how the servers do that nobody has named yet.
  [[nodiscard]] Profile& profile() { return profile_; }
  // How the server of one instance does.
  [[nodiscard]] KamailioProfile& profile_of(const cluster::Resource& instance);
  // Changes all of them.
  void change_profiles(const std::function<void(Profile&)>& change);

  // Runs the agent as Pacemaker does.
  AgentResult run(const std::string& action, const cluster::Resource& instance,
                  const Operation& operation = {});

  // Programs and files that are missing are there again.
  void put_back();

  void pass(host::Duration duration);
  // To processes of the instance's server. Returns how many got it.
  int send(int signal, Whom whom, const cluster::Resource& instance);

  // The pids of the living processes of its server, the main process first.
  [[nodiscard]] std::vector<int> processes_of(const cluster::Resource& instance) const;
  [[nodiscard]] bool has_file(const std::string& path) const;

 private:
  [[nodiscard]] const std::shared_ptr<KamailioProfile>& profile_by(const std::string& pid_file);

  Machine machine_;
  Profile profile_;
  std::map<std::string, std::shared_ptr<KamailioProfile>> profiles_;  // by PID file
};

// Changes the part of a profile that is a server's.
void change_server(KamailioProfile& server, const std::function<void(Profile&)>& change);

// What stands in /etc/kamailio/kamailio.cfg, with other paths of the RPC sockets if need be.
[[nodiscard]] std::string kamailio_config(const std::string& run_directory = "/run/kamailio");

}  // namespace sim
