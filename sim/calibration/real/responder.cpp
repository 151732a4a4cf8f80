#include "sim/calibration/real/responder.h"

#include "sim/calibration/real/sockets.h"
#include "sim/calibration/words.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace calibration {
namespace {

constexpr int look_every_ms = 50;
constexpr std::size_t enough = 65536;

// What a response has to repeat of a request (RFC 3261, section 8.2.6.2).
std::string repeated_fields(std::string_view request) {
  constexpr std::array<std::string_view, 5> names = {"Via:", "From:", "To:", "Call-ID:", "CSeq:"};
  std::string fields;
  while (!request.empty()) {
    const auto end = request.find("\r\n");
    const auto line = request.substr(0, end);
    if (std::ranges::any_of(names, [&](auto name) { return line.starts_with(name); })) {
      fields += line;
      fields += line.starts_with("To:") ? ";tag=responder\r\n" : "\r\n";
    }
    request.remove_prefix(end == std::string_view::npos ? request.size() : end + 2);
  }
  return fields;
}

std::string text_of(const Reply& reply, std::string_view request) {
  return reply.status.empty() ? reply.text
                              : "SIP/2.0 " + reply.status + "\r\n" + repeated_fields(request) +
                                    reply.fields + "Content-Length: 0\r\n\r\n";
}

// Requests in the order in which they come, one after another.
class Script {
 public:
  explicit Script(Responder responder) : responder_(std::move(responder)) {}

  // Calls send(bytes) for each reply; false if the connection is to be closed then.
  template <typename Send>
  bool play(std::string_view request, Send send) {
    if (responder_.ignores > 0) {
      --responder_.ignores;
      return true;
    }
    for (const auto& reply : responder_.replies) {
      std::this_thread::sleep_for(reply.after);
      if (const auto bytes = text_of(reply, request); !bytes.empty()) {
        send(bytes);
      }
      if (reply.closes) {
        return false;
      }
    }
    return true;
  }

 private:
  Responder responder_;
};

bool is_readable(int socket) {
  pollfd waiting{.fd = socket, .events = POLLIN};
  return ::poll(&waiting, 1, look_every_ms) > 0;
}

void serve_datagrams(const std::stop_token& stop, int socket, Script script) {
  while (!stop.stop_requested()) {
    if (!is_readable(socket)) {
      continue;
    }
    std::string request(enough, '\0');
    SocketAddress from;
    from.size = sizeof from.storage;
    auto* const peer = reinterpret_cast<sockaddr*>(&from.storage);  // as POSIX has it
    const auto size = ::recvfrom(socket, request.data(), request.size(), 0, peer, &from.size);
    if (size > 0) {
      request.resize(static_cast<std::size_t>(size));
      script.play(request, [&](const std::string& bytes) {
        ::sendto(socket, bytes.data(), bytes.size(), 0, peer, from.size);
      });
    }
  }
}

// One connection at a time is all that a program under test makes.
void serve_stream(const std::stop_token& stop, int connection, Script& script) {
  std::string read;
  while (!stop.stop_requested()) {
    if (!is_readable(connection)) {
      continue;
    }
    std::array<char, 4096> buffer{};
    const auto size = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
      return;
    }
    read.append(buffer.data(), static_cast<std::size_t>(size));
    constexpr std::string_view empty_line = "\r\n\r\n";
    for (auto end = read.find(empty_line); end != std::string::npos; end = read.find(empty_line)) {
      const auto request = read.substr(0, end + empty_line.size());
      read.erase(0, request.size());
      const bool goes_on = script.play(request, [&](const std::string& bytes) {
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      });
      if (!goes_on) {
        return;
      }
    }
  }
}

void serve_connections(const std::stop_token& stop, int socket, Script script) {
  while (!stop.stop_requested()) {
    if (!is_readable(socket)) {
      continue;
    }
    const int connection = ::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
      serve_stream(stop, connection, script);
      ::close(connection);
    }
  }
}

}  // namespace

host::Result<std::unique_ptr<RealResponder>> RealResponder::begin(const Responder& responder) {
  const auto address = socket_address(responder.at);
  const int socket = ::socket(address.storage.ss_family, socket_type(responder.at.transport), 0);
  constexpr int backlog = 16;
  const bool is_bound =
      socket >= 0 && ::bind(socket, address.get(), address.size) == 0 &&
      (responder.at.transport == Transport::udp || ::listen(socket, backlog) == 0);
  if (!is_bound) {
    auto text = word_of(responder.at) + ": " + std::generic_category().message(errno);
    ::close(socket);
    return tl::unexpected(host::Error{.text = std::move(text)});
  }
  return std::make_unique<RealResponder>(socket, responder);
}

RealResponder::RealResponder(int socket, const Responder& responder) : socket_(socket) {
  const bool is_udp = responder.at.transport == Transport::udp;
  thread_ = std::jthread([is_udp, socket, script = Script(responder)](const std::stop_token& stop) {
    is_udp ? serve_datagrams(stop, socket, script) : serve_connections(stop, socket, script);
  });
}

RealResponder::~RealResponder() {
  thread_.request_stop();
  thread_.join();
  ::close(socket_);
}

}  // namespace calibration
