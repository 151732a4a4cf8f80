#pragma once

#include "sim/process/stage.h"
#include "sim/programs/kamailio_arguments.h"
#include "sim/programs/kamailio_config.h"
#include "sim/programs/profile.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {

// The constant part of a message of Kamailio's core; the text begins with its source position:
// "[core/udp_server.c:602]: udp_init(): bind() on ..."
[[nodiscard]] inline std::string core_message(const Stage& me, const std::string& level,
                                              const std::string& text) {
  return " 0(" + std::to_string(me.pid()) + ") " + level + ": <core> " + text + "\n";
}

// The shared state of all processes of one server.
struct KamailioServer {
  std::shared_ptr<const KamailioProfile> profile;  // the current one
  KamailioArguments arguments;
  KamailioConfig config;
  struct Listener {
    host::Endpoint endpoint;
    std::string host;     // as configured
    bool is_tls = false;  // over TCP; listens without replying
  };
  std::vector<Listener> listeners;  // first those of UDP
  std::int64_t shared_memory = 64;  // MB
  std::int64_t private_memory = 8;  // MB, of each process

  static constexpr std::int64_t megabyte = 1024LL * 1024;

  // The pipe on which the main process reports to the launched process.
  static constexpr const char* is_daemon = "d";
  static constexpr const char* initialised = "!";

  [[nodiscard]] bool logs_to_stderr() const {
    return arguments.logs_to_stderr || config.logs_to_stderr;
  }
  [[nodiscard]] int listeners_of(host::Endpoint::Kind kind) const {
    return static_cast<int>(std::ranges::count(
        listeners, kind, [](const Listener& listener) { return listener.endpoint.kind; }));
  }
  [[nodiscard]] int tcp_children() const { return config.tcp_children.value_or(config.children); }
  // The main process and its children.
  [[nodiscard]] int processes() const;
};

// One line of core.psx.
struct KamailioProcess {
  int pid = 0;
  std::string description;
};

// The main process: opens the sockets, starts the children, waits for signals and for the end of a
// child, and ends all children.
class KamailioMain {
 public:
  KamailioMain(Stage& me, std::shared_ptr<const KamailioServer> server,
               std::optional<Descriptor> report)
      : me_(me), server_(std::move(server)), report_(report) {}

  Task<int> run();

 private:
  using Child = std::function<Task<void>(Stage&)>;

  // The error, if there is one.
  [[nodiscard]] std::optional<std::string> open_sockets(host::Endpoint::Kind kind);
  [[nodiscard]] std::optional<std::string> open_rpc();  // likewise
  [[nodiscard]] std::string refusal_of_ctl() const;
  [[nodiscard]] std::optional<Descriptor> open_rpc_socket(host::Endpoint::Kind kind,
                                                          const std::string& path, unsigned mode);
  void use_signals();
  void give_up_root();
  void start_children();
  void start_child(const std::string& description, const Child& child);
  void start_rpc_child(const std::string& description, Descriptor socket);
  void tell_process_table();
  Task<int> watch();
  Task<int> shut_down(int exit_code);
  void send_to_children(int signal);
  void remove_files();
  void remove_pid_file();
  void foresee_misfortunes();
  Task<void> meet_next_misfortune();

  Stage& me_;
  std::shared_ptr<const KamailioServer> server_;
  std::optional<Descriptor> report_;
  struct UdpSocket {
    Descriptor socket{};
    host::Endpoint endpoint;
  };
  std::vector<UdpSocket> udp_sockets_;
  std::vector<Descriptor> tcp_sockets_;  // until the TCP main process takes them
  std::optional<Descriptor> rpc_datagrams_;
  std::optional<Descriptor> rpc_stream_;
  std::optional<Descriptor> rpc_fifo_;
  std::vector<KamailioProcess> processes_;
  bool lacks_a_child_ = false;
  std::vector<Descriptor> tables_;  // pipes that send the list of processes to the RPC children
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
