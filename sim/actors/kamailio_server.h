#pragma once

#include "sim/actors/kamailio_arguments.h"
#include "sim/actors/kamailio_config.h"
#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// What all processes of one server know.
struct KamailioServer {
  KamailioProfile profile;
  KamailioArguments arguments;
  KamailioConfig config;

  [[nodiscard]] bool logs_to_stderr() const {
    return arguments.logs_to_stderr || config.logs_to_stderr;
  }
  // -g, or the group of -u.
  [[nodiscard]] const std::string& group() const {
    return arguments.group.empty() ? arguments.user : arguments.group;
  }
  [[nodiscard]] const SipBehaviour& options() const {
    return profile.options ? *profile.options : config.options;
  }
};

// One line of core.psx.
struct KamailioProcess {
  int pid = 0;
  std::string description;
};

// The main process: opens the sockets, starts the children, waits for signals and for the end of a
// child, and ends them all.
class KamailioMain {
 public:
  KamailioMain(Stage& me, std::shared_ptr<const KamailioServer> server,
               std::optional<Descriptor> report)
      : me_(me), server_(std::move(server)), report_(report) {}

  Task<int> run();

 private:
  using Child = std::function<Task<void>(Stage&)>;

  [[nodiscard]] std::optional<std::string> open_sockets();
  [[nodiscard]] std::optional<std::string> open_rpc();
  void start_children();
  void start_child(const std::string& description, const Child& child);
  void start_rpc_child(const std::string& description, Descriptor socket);
  void tell_process_table();
  Task<int> watch();
  Task<int> shut_down(int exit_code);
  void send_to_children(int signal);
  void foresee_misfortunes();
  Task<void> meet_next_misfortune();

  Stage& me_;
  std::shared_ptr<const KamailioServer> server_;
  std::optional<Descriptor> report_;
  struct Listener {
    Descriptor socket{};
    host::Endpoint endpoint;
  };
  std::vector<Listener> listeners_;
  std::optional<Descriptor> rpc_datagrams_;
  std::optional<Descriptor> rpc_stream_;
  std::optional<Descriptor> rpc_fifo_;
  std::vector<KamailioProcess> processes_;
  std::vector<Descriptor> tables_;  // through which the RPC children learn of the processes
  std::vector<std::string> files_;  // to be removed at the end
  host::TimePoint started_;
  struct Misfortune {
    enum class Kind { crash, main_dies, child_dies, freezes };
    host::TimePoint at;
    Kind kind = Kind::crash;
  };
  std::vector<Misfortune> misfortunes_;  // to come, in order
};

}  // namespace sim
