#include "conformance/live/responder.h"

#include "agent/posix/descriptor.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

namespace live {
namespace {

using posix::Descriptor;

void check(int result, const char* what) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

Descriptor bound_socket(int type, int port) {
  Descriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  check(socket.get(), "socket");
  const int yes = 1;
  check(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "setsockopt");
  const sockaddr_in address = {.sin_family = AF_INET,
                               .sin_port = htons(static_cast<std::uint16_t>(port)),
                               .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                               .sin_zero = {}};
  check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  return socket;
}

std::string field_of(std::string_view message, const std::string& name) {
  const auto begin = message.find("\r\n" + name + ": ") + name.size() + 4;
  return std::string(message.substr(begin, message.find("\r\n", begin) - begin));
}

}  // namespace

// One thread; it sleeps through the pauses of an act, as long as a client has patience.
class Responder::Server {
 public:
  Server(int port, Behaviour behaviour)
      : behaviour_(std::move(behaviour)),
        datagrams_(bound_socket(SOCK_DGRAM, port)),
        listener_(bound_socket(SOCK_STREAM, port)) {
    check(::listen(listener_.get(), 10), "listen");
    udp_ = std::thread([this] { serve_datagrams(); });
    tcp_ = std::thread([this] { serve_streams(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    is_over_ = true;
    udp_.join();
    tcp_.join();
  }

 private:
  // Whether something can be read before long.
  static bool is_readable(int descriptor) {
    pollfd polled = {.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 20) > 0;
  }

  void serve_datagrams() {
    while (!is_over_) {
      if (!is_readable(datagrams_.get())) {
        continue;
      }
      std::string request(65'535, '\0');
      sockaddr_in client = {};
      socklen_t size = sizeof client;
      auto* const address = reinterpret_cast<sockaddr*>(&client);
      const auto count =
          ::recvfrom(datagrams_.get(), request.data(), request.size(), 0, address, &size);
      if (count <= 0) {
        continue;  // the refusal of an answer that came too late
      }
      request.resize(static_cast<std::size_t>(count));
      for (const auto& act : behaviour_(request)) {
        std::this_thread::sleep_for(act.after);
        if (!act.bytes.empty()) {
          (void)::sendto(datagrams_.get(), act.bytes.data(), act.bytes.size(), MSG_NOSIGNAL,
                         address, size);
        }
      }
    }
  }

  void serve_streams() {
    while (!is_over_) {
      if (is_readable(listener_.get())) {
        serve_stream(Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
      }
    }
  }

  void serve_stream(const Descriptor& stream) {
    std::string request;
    while (!is_over_) {
      if (!is_readable(stream.get())) {
        continue;
      }
      std::string bytes(65'535, '\0');
      const auto count = ::recv(stream.get(), bytes.data(), bytes.size(), 0);
      if (count <= 0) {
        return;
      }
      request += bytes.substr(0, static_cast<std::size_t>(count));
      if (!request.ends_with("\r\n\r\n")) {
        continue;
      }
      for (const auto& act : behaviour_(std::exchange(request, {}))) {
        std::this_thread::sleep_for(act.after);
        (void)::send(stream.get(), act.bytes.data(), act.bytes.size(), MSG_NOSIGNAL);
        if (act.closes) {
          return;
        }
      }
    }
  }

  Behaviour behaviour_;
  Descriptor datagrams_;
  Descriptor listener_;
  std::atomic<bool> is_over_ = false;
  std::thread udp_;
  std::thread tcp_;
};

Responder::Responder(int port, Behaviour behaviour)
    : server_(std::make_unique<Server>(port, std::move(behaviour))) {}
Responder::~Responder() = default;

std::string response_to(std::string_view request, const std::string& status,
                        const std::string& further_fields, const std::string& body) {
  std::string text = "SIP/2.0 " + status + "\r\n";
  for (const auto* name : {"Via", "From", "Call-ID", "CSeq"}) {
    text += std::string(name) + ": " + field_of(request, name) + "\r\n";
  }
  return text + "To: " + field_of(request, "To") + ";tag=responder\r\n" + further_fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace live
