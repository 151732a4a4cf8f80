#pragma once

#include "agent/host/network.h"
#include "sim/kernel/scheduler.h"
#include "sim/machine/sockets.h"
#include "sim/machine/system_call.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// The sockets of a simulated machine, as one process uses them. A change of identity affects later
// calls.
class SimNetwork final : public host::Network {
 public:
  // Waits, like Scheduler::pass_until.
  using PassUntil = std::function<bool(TimePoint deadline, const std::function<bool()>& condition)>;

  SimNetwork(Scheduler& time, Sockets& sockets, const Identity& identity);
  // For a process whose waits can last longer, because it may be stopped.
  SimNetwork(PassUntil pass_until, Sockets& sockets, const Identity& identity);

  [[nodiscard]] host::Result<host::Conversation> open(const host::Endpoint& endpoint) override;
  [[nodiscard]] host::Result<host::Endpoint> local_endpoint(
      host::Conversation conversation) const override;
  [[nodiscard]] host::Result<void> send(host::Conversation conversation,
                                        std::string_view bytes) override;
  [[nodiscard]] host::NetworkEvent next(host::TimePoint deadline) override;
  // Fails, because the simulated machine does not know the owners of sockets.
  [[nodiscard]] host::Result<std::vector<host::Rival>> holders(host::Endpoint::Kind kind,
                                                               std::uint16_t port) override;
  // Only added rivals: no two sockets of this machine share an address and port.
  [[nodiscard]] host::Result<std::vector<host::Rival>> rivals(const host::ProcessId& owner,
                                                              std::uint16_t port) override;
  void close(host::Conversation conversation) override;

 private:
  struct Talk {
    host::Conversation id{};
    std::string name;  // of the peer
    bool is_stream = false;
    bool is_connected = false;
    std::shared_ptr<Socket> socket;  // nothing: it has ended
    std::string unsent;              // of a stream
    std::size_t sent = 0;            // of the text to be sent
    WaitList::Place place;           // in the list of those that wait for the socket
    bool is_changed = false;
  };

  void note_change(Talk& talk);
  // Converts changes into events.
  void look();
  void go_on(Talk& talk);
  void on_connected(Talk& talk);
  void receive(Talk& talk);
  // Receives a datagram or a piece of a stream: false if there is none yet, the error if the
  // conversation has ended.
  host::Result<bool> take(Talk& talk);
  void write(Talk& talk);
  // Ends the conversation after the data that have arrived: an error is reported before earlier
  // datagrams.
  void fail(Talk& talk, host::Error reason);
  void end(Talk& talk, host::Error reason);

  PassUntil pass_until_;
  Sockets& sockets_;
  const Identity& identity_;
  std::vector<host::Conversation> changed_;  // in chronological order
  host::NetworkEvents events_;
  int next_id_ = 0;
  std::map<host::Conversation, Talk> talks_;
};

}  // namespace sim
