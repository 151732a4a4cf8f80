#pragma once

#include "agent/host/network.h"

#include <memory>

namespace posix {

// Sockets of this machine, by Boost.Asio.
class PosixNetwork final : public host::Network {
 public:
  PosixNetwork();
  PosixNetwork(const PosixNetwork&) = delete;
  PosixNetwork& operator=(const PosixNetwork&) = delete;
  ~PosixNetwork() override;

  [[nodiscard]] host::Result<host::Conversation> open(const host::Endpoint& endpoint) override;
  [[nodiscard]] host::Result<host::Endpoint> local_endpoint(
      host::Conversation conversation) const override;
  [[nodiscard]] host::Result<void> send(host::Conversation conversation,
                                        std::string_view bytes) override;
  [[nodiscard]] host::NetworkEvent next(host::TimePoint deadline) override;
  void close(host::Conversation conversation) override;

 private:
  class Sockets;  // keeps Asio out of this header
  std::unique_ptr<Sockets> sockets_;
};

}  // namespace posix
