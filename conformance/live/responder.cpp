#include "conformance/live/responder.h"

// clang-format off: awaitable.hpp of Boost 1.74 needs it before
#include <utility>
// clang-format on

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>

namespace live {
namespace {

namespace asio = boost::asio;
using Task = asio::awaitable<void>;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

template <class Protocol>
typename Protocol::endpoint loopback(int port) {
  return {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)};
}

std::string field_of(std::string_view message, const std::string& name) {
  const auto begin = message.find("\r\n" + name + ": ") + name.size() + 4;
  return std::string(message.substr(begin, message.find("\r\n", begin) - begin));
}

}  // namespace

class Responder::Server {
 public:
  Server(int port, Behaviour behaviour)
      : behaviour_(std::move(behaviour)), listener_(context_, loopback<tcp>(port)) {
    datagrams_.open(udp::v4());
    close_on_exec(datagrams_);
    close_on_exec(listener_);
    datagrams_.set_option(udp::socket::reuse_address(true));
    datagrams_.bind(loopback<udp>(port));
    begin(serve_datagrams());
    begin(accept_streams());
    thread_ = std::thread([this] { context_.run(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    context_.stop();
    thread_.join();
  }

 private:
  // Tests start programs that must not hold the port.
  template <typename Socket>
  static void close_on_exec(Socket& socket) {
    (void)::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  }

  void begin(Task task) {
    asio::co_spawn(context_, std::move(task), [](const std::exception_ptr& trouble) {
      if (trouble) {
        std::rethrow_exception(trouble);
      }
    });
  }

  Task pause_before(const Act& act) {
    asio::steady_timer timer(context_, act.after);
    co_await timer.async_wait(use_awaitable);
  }

  Task serve_datagrams() {
    for (;;) {
      std::string request(65'535, '\0');
      udp::endpoint client;
      error_code error;  // ICMP error for a late reply
      const auto size = co_await datagrams_.async_receive_from(
          asio::buffer(request), client, redirect_error(use_awaitable, error));
      request.resize(size);
      const auto acts = error ? std::vector<Act>() : behaviour_(request);
      for (const auto& act : acts) {
        co_await pause_before(act);
        if (!act.bytes.empty()) {
          co_await datagrams_.async_send_to(asio::buffer(act.bytes), client,
                                            redirect_error(use_awaitable, error));
        }
      }
    }
  }

  Task accept_streams() {
    for (;;) {
      error_code error;
      auto stream = co_await listener_.async_accept(redirect_error(use_awaitable, error));
      if (!error) {
        close_on_exec(stream);
        begin(serve(std::move(stream)));
      }
    }
  }

  Task serve(tcp::socket stream) {
    error_code error;  // the client has closed
    for (std::string bytes; !error;) {
      const auto size = co_await asio::async_read_until(
          stream, asio::dynamic_buffer(bytes), "\r\n\r\n", redirect_error(use_awaitable, error));
      const auto acts = error ? std::vector<Act>() : behaviour_(bytes.substr(0, size));
      bytes.erase(0, size);
      for (const auto& act : acts) {
        co_await pause_before(act);
        co_await asio::async_write(stream, asio::buffer(act.bytes),
                                   redirect_error(use_awaitable, error));
        if (act.closes || error) {
          co_return;
        }
      }
    }
  }

  Behaviour behaviour_;
  asio::io_context context_;
  udp::socket datagrams_{context_};
  tcp::acceptor listener_;
  std::thread thread_;
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
