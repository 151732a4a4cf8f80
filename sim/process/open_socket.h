#pragma once

#include "sim/machine/sockets.h"
#include "sim/process/open_file.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sim {

// A socket of the simulated machine.
class OpenSocket final : public OpenFile {
 public:
  enum class Kind {
    datagrams,  // listens, and replies to the last sender
    client,     // datagrams to and from one peer
    listener,
    connecting,
    stream
  };

  OpenSocket(Kind kind, std::shared_ptr<Socket> socket) : kind_(kind), socket_(std::move(socket)) {}

  [[nodiscard]] std::optional<Happened> take(Descriptor self) override;
  [[nodiscard]] WaitList& changes() override { return socket_->changes(); }
  host::Result<void> send(std::string_view bytes) override;
  [[nodiscard]] host::Result<host::Endpoint> local_endpoint() override;
  void reset() override { socket_->reset(); }

 private:
  [[nodiscard]] std::optional<Happened> take_datagram(Descriptor self);
  [[nodiscard]] std::optional<Happened> take_connection(Descriptor self);
  [[nodiscard]] std::optional<Happened> take_result_of_connecting(Descriptor self);
  [[nodiscard]] std::optional<Happened> take_bytes(Descriptor self);
  [[nodiscard]] std::optional<Happened> end(Descriptor self, int errno_value);
  void send_more();

  Kind kind_;
  std::shared_ptr<Socket> socket_;
  std::optional<host::Endpoint> peer_;
  std::string unsent_;
  bool has_ended_ = false;
};

}  // namespace sim
