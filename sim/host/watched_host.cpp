#include "sim/host/watched_host.h"

#include <string>
#include <vector>

namespace sim {

WatchedHost::WatchedHost(const host::Host& host, const OnCall& on_call)
    : host_(host),
      files_(host.files, on_call),
      processes_(host.processes, on_call),
      runner_(host.runner, on_call),
      network_(host.network, on_call),
      clock_(host.clock, on_call) {}

host::Host WatchedHost::host() {
  return {.clock = clock_,
          .files = files_,
          .processes = processes_,
          .runner = runner_,
          .network = network_,
          .random = host_.random,
          .accounts = host_.accounts,
          .log = host_.log};
}

host::Result<std::string> WatchedHost::Files::read(const std::string& path, std::size_t limit) {
  on_call_("files.read");
  return files_.read(path, limit);
}
host::Result<host::FileStatus> WatchedHost::Files::status(const std::string& path) {
  on_call_("files.status");
  return files_.status(path);
}
host::Result<host::FileStatus> WatchedHost::Files::link_status(const std::string& path) {
  on_call_("files.link_status");
  return files_.link_status(path);
}
host::Result<void> WatchedHost::Files::check_access(const std::string& path, host::Access access) {
  on_call_("files.check_access");
  return files_.check_access(path, access);
}
host::Result<std::optional<host::Exposure>> WatchedHost::Files::exposure(const std::string& path) {
  on_call_("files.exposure");
  return files_.exposure(path);
}
host::Result<void> WatchedHost::Files::create_directory(const std::string& path) {
  on_call_("files.create_directory");
  return files_.create_directory(path);
}
host::Result<void> WatchedHost::Files::take_directory(const std::string& path) {
  on_call_("files.take_directory");
  return files_.take_directory(path);
}
host::Result<void> WatchedHost::Files::replace_file(const std::string& path,
                                                    std::string_view text) {
  on_call_("files.replace_file");
  return files_.replace_file(path, text);
}
host::Result<void> WatchedHost::Files::remove_file(const std::string& path) {
  on_call_("files.remove_file");
  return files_.remove_file(path);
}
host::Result<void> WatchedHost::Files::remove_directory(const std::string& path) {
  on_call_("files.remove_directory");
  return files_.remove_directory(path);
}

host::Result<host::Process> WatchedHost::Processes::find(int pid) {
  on_call_("processes.find");
  return processes_.find(pid);
}
host::Result<std::vector<host::Process>> WatchedHost::Processes::list(const host::Search& search) {
  on_call_("processes.list");
  return processes_.list(search);
}
host::Result<void> WatchedHost::Processes::send(const host::ProcessId& process,
                                                host::Signal signal) {
  on_call_("processes.send");
  return processes_.send(process, signal);
}
std::vector<host::ProcessId> WatchedHost::Processes::wait_until_gone(
    std::span<const host::ProcessId> processes, host::TimePoint deadline) {
  on_call_("processes.wait_until_gone");
  return processes_.wait_until_gone(processes, deadline);
}

std::vector<host::ProcessResult> WatchedHost::Runner::run(
    std::span<const host::Command> helpers, const std::optional<host::ProcessId>& while_alive) {
  on_call_("runner.run");
  return runner_.run(helpers, while_alive);
}
host::ProcessResult WatchedHost::Runner::launch(const host::Command& daemon) {
  on_call_("runner.launch");
  return runner_.launch(daemon);
}

host::Result<host::Conversation> WatchedHost::Network::open(const host::Endpoint& endpoint) {
  on_call_("network.open");
  return network_.open(endpoint);
}
host::Result<host::Endpoint> WatchedHost::Network::local_endpoint(
    host::Conversation conversation) const {
  on_call_("network.local_endpoint");
  return network_.local_endpoint(conversation);
}
host::Result<void> WatchedHost::Network::send(host::Conversation conversation,
                                              std::string_view bytes) {
  on_call_("network.send");
  return network_.send(conversation, bytes);
}
host::NetworkEvent WatchedHost::Network::next(host::TimePoint deadline) {
  on_call_("network.next");
  return network_.next(deadline);
}
host::Result<std::vector<host::Rival>> WatchedHost::Network::holders(host::Endpoint::Kind kind,
                                                                     std::uint16_t port) {
  on_call_("network.holders");
  return network_.holders(kind, port);
}

host::Result<std::vector<host::Rival>> WatchedHost::Network::rivals(const host::ProcessId& owner,
                                                                    std::uint16_t port) {
  on_call_("network.rivals");
  return network_.rivals(owner, port);
}
void WatchedHost::Network::close(host::Conversation conversation) { network_.close(conversation); }

void WatchedHost::Clock::sleep_until(host::TimePoint moment) {
  on_call_("clock.sleep_until");
  clock_.sleep_until(moment);
}

}  // namespace sim
