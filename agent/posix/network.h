#pragma once

#include "agent/host/network.h"
#include "agent/posix/descriptor.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace posix {

// Uses the machine's sockets and poll(2).
class PosixNetwork final : public host::Network {
 public:
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
  struct Talk {
    host::Conversation id{};
    std::string name;  // of the peer
    bool is_stream = false;
    bool is_connected = false;
    Descriptor socket;   // closed when it is over
    std::string unsent;  // of a stream
  };

  void go_on(Talk& talk, short happened);
  void on_connected(Talk& talk);
  void receive(Talk& talk);
  // Takes a datagram or a piece of a stream. Returns its size, nothing if none has arrived yet, or
  // the error if the conversation is over.
  host::Result<std::optional<std::size_t>> take(Talk& talk);
  void write(Talk& talk);
  // Reads the datagrams that have arrived and then ends the conversation, since the kernel reports
  // an error before the datagrams that came before it.
  void fail(Talk& talk, host::Error reason);
  void end(Talk& talk, host::Error reason);

  std::map<host::Conversation, Talk> talks_;
  host::NetworkEvents events_;
  std::unique_ptr<char[]> buffer_;  // NOLINT(*-avoid-c-arrays): there is no other that stays as is
  int next_id_ = 0;
};

}  // namespace posix
