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
  std::chrono::milliseconds interval = std::chrono::seconds(10);  // of a monitor; 0: once
  std::optional<int> check_level = {};
  std::optional<host::Duration> kill_after = {};
  AgentCall::Victim victim = AgentCall::Victim::group;
  host::Environment environment = {};  // in addition to what the caller always sets
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

  // Sets the behaviour of programs: of servers immediately, of others from their next start. For
  // kamailio, it applies to servers without a profile of their own.
  [[nodiscard]] Profile& profile() { return profile_; }
  // The profile of the server of one instance.
  [[nodiscard]] KamailioProfile& profile_of(const cluster::Resource& instance);
  // Changes all profiles.
  void change_profiles(const std::function<void(Profile&)>& change);

  // Runs the agent as Pacemaker does.
  AgentResult run(const std::string& action, const cluster::Resource& instance,
                  const Operation& operation = {});

  // Restores missing programs and files.
  void put_back();

  void pass(host::Duration duration);
  // Sends a signal to processes of the instance's server. Returns the number of receivers.
  int send(int signal, Whom whom, const cluster::Resource& instance);

  // The PIDs of the server's living processes, the main process first.
  [[nodiscard]] std::vector<int> processes_of(const cluster::Resource& instance) const;
  [[nodiscard]] bool has_file(const std::string& path) const;

 private:
  [[nodiscard]] const std::shared_ptr<KamailioProfile>& profile_by(const std::string& pid_file);

  Machine machine_;
  Profile profile_;
  std::map<std::string, std::shared_ptr<KamailioProfile>> profiles_;  // by PID file
};

// Changes the server's part of a profile.
void change_server(KamailioProfile& server, const std::function<void(Profile&)>& change);

// The content of /etc/kamailio/kamailio.cfg, optionally with other paths of the RPC sockets.
[[nodiscard]] std::string kamailio_config(const std::string& run_directory = "/run/kamailio");

}  // namespace sim
