#include "agent/posix/socket_address.h"
#include "sim/process/real_stage.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

// What a process of the real machine does with its descriptors, and the addresses it finds.

namespace sim {
namespace {

using host::Endpoint;

posix::Descriptor new_socket(const Endpoint& endpoint, int family) {
  return posix::Descriptor(::socket(
      family,
      (host::is_stream(endpoint.kind) ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC,
      0));
}

}  // namespace

std::string RealStage::host_name() const {
  std::array<char, 256> name = {};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::vector<std::string> RealStage::own_addresses() const {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) {
    return {};
  }
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(first, ::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET &&
        (one->ifa_flags & IFF_UP) != 0U) {
      std::array<char, NI_MAXHOST> text = {};
      ::getnameinfo(one->ifa_addr, sizeof(sockaddr_in), text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST);
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

Descriptor RealStage::add(Open open) {
  const Descriptor descriptor{open.file.get()};
  files_.insert_or_assign(descriptor, std::move(open));
  return descriptor;
}

RealStage::Open& RealStage::at(Descriptor descriptor) {
  const auto found = files_.find(descriptor);
  if (found == files_.end()) {
    throw std::logic_error("an actor uses a descriptor that it has not open");
  }
  return found->second;
}

void RealStage::attend(Descriptor descriptor) { at(descriptor).is_attended = true; }
void RealStage::ignore(Descriptor descriptor) { at(descriptor).is_attended = false; }
void RealStage::close(Descriptor descriptor) { files_.erase(descriptor); }

void RealStage::reset(Descriptor descriptor) {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(at(descriptor).file.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(descriptor);
}

host::Result<Descriptor> RealStage::listen(const Endpoint& endpoint) {
  const auto address = posix::address_of(endpoint);
  if (!address) {
    return tl::unexpected(address.error());
  }
  posix::Descriptor socket = new_socket(endpoint, address->storage.ss_family);
  if (endpoint.kind == Endpoint::Kind::tcp) {
    const int yes = 1;  // connections that have just ended do not count
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  }
  constexpr int backlog = 1024;
  if (::bind(socket.get(), address->get(), address->size) != 0 ||
      (host::is_stream(endpoint.kind) && ::listen(socket.get(), backlog) != 0)) {
    return failed(errno);
  }
  return add({.kind = host::is_stream(endpoint.kind) ? Open::Kind::listener : Open::Kind::datagrams,
              .file = std::move(socket),
              .family = endpoint.kind});
}

host::Result<Descriptor> RealStage::connect(const Endpoint& endpoint) {
  const auto address = posix::address_of(endpoint);
  if (!address) {
    return tl::unexpected(address.error());
  }
  posix::Descriptor socket = new_socket(endpoint, address->storage.ss_family);
  if (endpoint.kind == Endpoint::Kind::unix_datagram) {
    const sockaddr any = {.sa_family = AF_UNIX, .sa_data = {}};
    if (::bind(socket.get(), &any, sizeof any.sa_family) != 0) {
      return failed(errno);
    }
  }
  const bool is_connected = ::connect(socket.get(), address->get(), address->size) == 0;
  if (!is_connected && errno != EINPROGRESS && endpoint.kind != Endpoint::Kind::tcp) {
    return failed(errno);
  }
  return add(
      {.kind = host::is_stream(endpoint.kind) ? Open::Kind::connecting : Open::Kind::datagrams,
       .file = std::move(socket),
       .is_connected = true,
       .family = endpoint.kind});
}

host::Result<void> RealStage::send(Descriptor descriptor, std::string_view bytes) {
  auto& open = at(descriptor);
  const int file = open.file.get();
  if (open.kind == Open::Kind::datagrams && !open.is_connected) {
    const auto* const peer = reinterpret_cast<const sockaddr*>(&open.peer);
    const ssize_t sent =
        ::sendto(file, bytes.data(), bytes.size(), MSG_NOSIGNAL, peer, open.peer_size);
    return sent < 0 ? failed(errno) : host::Result<void>();
  }
  while (!bytes.empty()) {
    const ssize_t count = open.kind == Open::Kind::pipe
                              ? ::write(file, bytes.data(), bytes.size())
                              : ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    constexpr int patience_ms = 1000;
    pollfd room = {.fd = file, .events = POLLOUT, .revents = 0};
    if (count < 0 && (errno != EAGAIN || ::poll(&room, 1, patience_ms) <= 0)) {
      return failed(errno);
    }
    bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return {};
}

host::Result<Endpoint> RealStage::local_endpoint(Descriptor descriptor) {
  auto& open = at(descriptor);
  posix::SocketAddress address{.size = sizeof address.storage};
  if (::getsockname(open.file.get(), address.get(), &address.size) != 0) {
    return failed(errno);
  }
  return posix::endpoint_of(open.family, address);
}

std::optional<StageEvent> RealStage::take_from(Descriptor descriptor, Open& open) {
  switch (open.kind) {
    case Open::Kind::datagrams:
      return receive_from(descriptor, open);
    case Open::Kind::listener: {
      posix::Descriptor accepted(
          ::accept4(open.file.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!accepted.is_open()) {
        return std::nullopt;  // another process was quicker
      }
      const auto connection =
          add({.kind = Open::Kind::stream, .file = std::move(accepted), .family = open.family});
      return GotConnection{.listener = descriptor, .connection = connection};
    }
    case Open::Kind::connecting: {
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(open.file.get(), SOL_SOCKET, SO_ERROR, &error, &size);
      open.kind = Open::Kind::stream;
      if (error == 0) {
        return GotThrough{.socket = descriptor};
      }
      open.is_attended = false;
      return GotEnd{.descriptor = descriptor, .reason = std::generic_category().message(error)};
    }
    case Open::Kind::pipe:
    case Open::Kind::stream:
      return read_from(descriptor, open);
  }
  return std::nullopt;
}

std::optional<StageEvent> RealStage::read_from(Descriptor descriptor, Open& open) {
  std::string bytes(64UL * 1024, '\0');
  const ssize_t count = ::read(open.file.get(), bytes.data(), bytes.size());
  if (count > 0) {
    bytes.resize(static_cast<std::size_t>(count));
    return GotBytes{.descriptor = descriptor, .bytes = std::move(bytes)};
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
    return std::nullopt;
  }
  open.is_attended = false;
  return GotEnd{.descriptor = descriptor,
                .reason = count == 0 ? "" : std::generic_category().message(errno)};
}

std::optional<StageEvent> RealStage::receive_from(Descriptor descriptor, Open& open) {
  std::string bytes(64UL * 1024, '\0');
  open.peer_size = sizeof open.peer;
  const ssize_t count = ::recvfrom(open.file.get(), bytes.data(), bytes.size(), 0,
                                   reinterpret_cast<sockaddr*>(&open.peer), &open.peer_size);
  if (count >= 0) {
    bytes.resize(static_cast<std::size_t>(count));
    return GotDatagram{.socket = descriptor, .bytes = std::move(bytes)};
  }
  if (errno == EAGAIN || errno == EINTR) {
    return std::nullopt;
  }
  return GotEnd{.descriptor = descriptor, .reason = std::generic_category().message(errno)};
}

}  // namespace sim
