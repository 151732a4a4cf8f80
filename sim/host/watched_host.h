#pragma once

#include "agent/host/accounts.h"
#include "agent/host/clock.h"
#include "agent/host/file_system.h"
#include "agent/host/host.h"
#include "agent/host/log.h"
#include "agent/host/network.h"
#include "agent/host/process_runner.h"
#include "agent/host/process_table.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// Called before each call of the agent to a machine: "files.read", "processes.send",
// "runner.launch" ... Its changes to the machine affect the call.
using OnCall = std::function<void(std::string_view call)>;

// A host that reports each call.
class WatchedHost {
 public:
  WatchedHost(const host::Host& host, const OnCall& on_call);

  [[nodiscard]] host::Host host();

 private:
  class Files final : public host::FileSystem {
   public:
    Files(host::FileSystem& files, const OnCall& on_call) : files_(files), on_call_(on_call) {}
    [[nodiscard]] host::Result<std::string> read(const std::string& path,
                                                 std::size_t limit) override;
    [[nodiscard]] host::Result<host::FileStatus> status(const std::string& path) override;
    [[nodiscard]] host::Result<host::FileStatus> link_status(const std::string& path) override;
    [[nodiscard]] host::Result<void> check_access(const std::string& path,
                                                  host::Access access) override;
    [[nodiscard]] host::Result<std::optional<host::Exposure>> exposure(
        const std::string& path) override;
    [[nodiscard]] host::Result<void> create_directory(const std::string& path) override;
    [[nodiscard]] host::Result<void> take_directory(const std::string& path) override;
    [[nodiscard]] host::Result<void> replace_file(const std::string& path,
                                                  std::string_view text) override;
    [[nodiscard]] host::Result<void> remove_file(const std::string& path) override;
    [[nodiscard]] host::Result<void> remove_directory(const std::string& path) override;

   private:
    host::FileSystem& files_;
    const OnCall& on_call_;
  };

  class Processes final : public host::ProcessTable {
   public:
    Processes(host::ProcessTable& processes, const OnCall& on_call)
        : processes_(processes), on_call_(on_call) {}
    [[nodiscard]] host::Result<host::Process> find(int pid) override;
    [[nodiscard]] host::Result<std::vector<host::Process>> list(
        const host::Search& search) override;
    [[nodiscard]] host::Result<void> send(const host::ProcessId& process,
                                          host::Signal signal) override;
    [[nodiscard]] std::vector<host::ProcessId> wait_until_gone(
        std::span<const host::ProcessId> processes, host::TimePoint deadline) override;

   private:
    host::ProcessTable& processes_;
    const OnCall& on_call_;
  };

  class Runner final : public host::ProcessRunner {
   public:
    Runner(host::ProcessRunner& runner, const OnCall& on_call)
        : runner_(runner), on_call_(on_call) {}
    [[nodiscard]] std::vector<host::ProcessResult> run(
        std::span<const host::Command> helpers,
        const std::optional<host::ProcessId>& while_alive) override;
    [[nodiscard]] host::ProcessResult launch(const host::Command& daemon) override;

   private:
    host::ProcessRunner& runner_;
    const OnCall& on_call_;
  };

  class Network final : public host::Network {
   public:
    Network(host::Network& network, const OnCall& on_call) : network_(network), on_call_(on_call) {}
    [[nodiscard]] host::Result<host::Conversation> open(const host::Endpoint& endpoint) override;
    [[nodiscard]] host::Result<host::Endpoint> local_endpoint(
        host::Conversation conversation) const override;
    [[nodiscard]] host::Result<void> send(host::Conversation conversation,
                                          std::string_view bytes) override;
    [[nodiscard]] host::NetworkEvent next(host::TimePoint deadline) override;
    [[nodiscard]] host::Result<std::vector<host::Rival>> holders(host::Endpoint::Kind kind,
                                                                 std::uint16_t port) override;
    [[nodiscard]] host::Result<std::vector<host::Rival>> rivals(const host::ProcessId& owner,
                                                                std::uint16_t port) override;
    void close(host::Conversation conversation) override;

   private:
    host::Network& network_;
    const OnCall& on_call_;
  };

  class Clock final : public host::Clock {
   public:
    Clock(host::Clock& clock, const OnCall& on_call) : clock_(clock), on_call_(on_call) {}
    [[nodiscard]] host::TimePoint now() const override { return clock_.now(); }
    void sleep_until(host::TimePoint moment) override;

   private:
    host::Clock& clock_;
    const OnCall& on_call_;
  };

  host::Host host_;
  Files files_;
  Processes processes_;
  Runner runner_;
  Network network_;
  Clock clock_;
};

}  // namespace sim
