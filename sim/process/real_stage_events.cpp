#include "agent/posix/socket_address.h"
#include "sim/process/real_stage.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <deque>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <variant>

// The events and open files of a process of the real machine.

namespace sim {
namespace {

namespace asio = boost::asio;
using asio::generic::datagram_protocol;
using asio::generic::stream_protocol;
using boost::system::error_code;

using Pipe = asio::posix::stream_descriptor;
using Datagrams = datagram_protocol::socket;
using Connection = stream_protocol::socket;
using Listener = asio::basic_socket_acceptor<stream_protocol>;
// Uses signalfd(2), because Asio's signals do not have the sender.
struct Signals : Pipe {
  using Pipe::Pipe;
};

struct Open {
  std::variant<Pipe, Datagrams, Connection, Listener, Signals> file;
  bool is_attended = true;
  bool is_awaited = false;
  datagram_protocol::endpoint sender = {};  // of the last datagram
};

// Gives up if there is no room for a long time.
template <class Stream>
error_code write_all(Stream& stream, std::string_view bytes) {
  constexpr int patience_ms = 1000;
  pollfd room = {.fd = stream.native_handle(), .events = POLLOUT, .revents = 0};
  error_code error;
  do {
    bytes.remove_prefix(asio::write(stream, asio::buffer(bytes), error));
  } while (error == asio::error::would_block && ::poll(&room, 1, patience_ms) > 0);
  return error;
}

}  // namespace

class RealStage::Events {
 public:
  explicit Events(RealStage& stage) : stage_(stage) {}

  [[nodiscard]] asio::io_context& context() { return context_; }

  Descriptor add(Open open) {
    const Descriptor descriptor{std::visit(
        [](auto& file) {
          file.non_blocking(true);
          return file.native_handle();
        },
        open.file)};
    files_.insert_or_assign(descriptor, std::make_shared<Open>(std::move(open)));
    return descriptor;
  }

  // Closes immediately, because pending handlers share ownership.
  void close(Descriptor descriptor) {
    if (const auto closed = files_.extract(descriptor)) {
      std::visit([](auto& file) { file.close(); }, closed.mapped()->file);
    }
  }

  [[nodiscard]] Open& at(Descriptor descriptor) {
    const auto found = files_.find(descriptor);
    if (found == files_.end()) {
      throw std::logic_error("an actor uses a descriptor that is not open");
    }
    return *found->second;
  }

  void listen_to(const sigset_t& signals) {
    close(signals_);
    signals_ = add({.file = Signals(context_, ::signalfd(-1, &signals, SFD_CLOEXEC))});
  }

  Descriptor connect(const stream_protocol::endpoint& peer) {
    const auto socket = add({.file = Connection(context_, peer.protocol()), .is_awaited = true});
    std::get<Connection>(at(socket).file)
        .async_connect(peer, [this, socket, open = files_.at(socket)](const error_code& error) {
          open->is_awaited = false;
          open->is_attended = !error;
          if (!error) {
            events_.emplace_back(GotThrough{socket});
          } else if (error != asio::error::operation_aborted) {
            events_.emplace_back(GotEnd{socket, error.message()});
          }
        });
    return socket;
  }

  // A child inherits the descriptors, but handles no events of its parent's.
  void begin_anew() {
    events_.clear();
    for (const auto& [descriptor, open] : files_) {
      open->is_attended = false;
    }
  }

  [[nodiscard]] StageEvent take() {
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  // Waits for an event.
  void wait(host::TimePoint until) {
    while (events_.empty()) {
      for (const auto& [descriptor, open] : files_) {
        if (open->is_attended && !open->is_awaited) {
          await(open);
        }
      }
      context_.restart();
      if (until == host::TimePoint::max()) {
        context_.run_one();
      } else if (context_.run_one_until(until) == 0 && context_.poll_one() == 0) {
        events_.emplace_back(TimeIsUp{});
      }
      stage_.on_waking_();
    }
  }

 private:
  // Reads nothing before this process is to take the event: other processes may have the same file
  // open.
  void await(const std::shared_ptr<Open>& open) {
    open->is_awaited = true;
    const auto take_when_ready = [&](auto& file) {
      file.async_wait(std::decay_t<decltype(file)>::wait_read,
                      [this, open, &file](const error_code& error) {
                        open->is_awaited = false;
                        if (!error && open->is_attended && file.is_open()) {
                          take_from(*open, file);
                        }
                      });
    };
    std::visit(take_when_ready, open->file);
  }

  void take_from(Open& /*open*/, Signals& signals) {
    signalfd_siginfo info = {};
    error_code error;
    signals.read_some(asio::buffer(&info, sizeof info), error);
    const int number = static_cast<int>(info.ssi_signo);
    if (number == SIGCHLD) {
      take_children();
    } else if (!error) {
      stage_.on_signal_(number, static_cast<int>(info.ssi_pid));
      events_.emplace_back(GotSignal{.number = number});
    }
  }

  // One SIGCHLD may stand for several.
  void take_children() {
    int status = 0;
    for (pid_t child = 0; (child = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      events_.emplace_back(ChildEnded{
          .pid = child,
          .exit_code = WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt});
    }
  }

  void take_from(Open& /*open*/, Listener& listener) {
    error_code error;
    auto connection = listener.accept(error);
    if (!error) {
      events_.emplace_back(GotConnection{.listener = Descriptor{listener.native_handle()},
                                         .connection = add({.file = std::move(connection)})});
    }
  }

  void take_from(Open& open, Datagrams& socket) {
    const Descriptor descriptor{socket.native_handle()};
    std::string bytes(most_bytes, '\0');
    error_code error;
    bytes.resize(socket.receive_from(asio::buffer(bytes), open.sender, 0, error));
    if (!error) {
      events_.emplace_back(GotDatagram{.socket = descriptor, .bytes = std::move(bytes)});
    } else if (error != asio::error::would_block) {
      events_.emplace_back(GotEnd{.descriptor = descriptor, .reason = error.message()});
    }
  }

  template <class Stream>
  void take_from(Open& open, Stream& stream) {
    const Descriptor descriptor{stream.native_handle()};
    std::string bytes(most_bytes, '\0');
    error_code error;
    bytes.resize(stream.read_some(asio::buffer(bytes), error));
    if (!error) {
      events_.emplace_back(GotBytes{.descriptor = descriptor, .bytes = std::move(bytes)});
    } else if (error != asio::error::would_block) {
      open.is_attended = false;
      events_.emplace_back(GotEnd{.descriptor = descriptor,
                                  .reason = error == asio::error::eof ? "" : error.message()});
    }
  }

  static constexpr std::size_t most_bytes = 64UL * 1024;

  RealStage& stage_;
  asio::io_context context_ = asio::io_context(1);  // single-threaded
  std::map<Descriptor, std::shared_ptr<Open>> files_;
  Descriptor signals_{-1};
  std::deque<StageEvent> events_;
};

RealStage::RealStage(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), events_(std::make_unique<Events>(*this)) {
  listen_to_signals();
}

RealStage::~RealStage() = default;

// SIGCHLD is included: it announces the end of a child.
void RealStage::listen_to_signals() {
  sigset_t handled;
  ::sigemptyset(&handled);
  ::sigaddset(&handled, SIGCHLD);
  for (const auto& [number, use] : uses_) {
    if (use == SignalUse::handled) {
      ::sigaddset(&handled, number);
    }
  }
  ::sigprocmask(SIG_SETMASK, &handled, nullptr);
  events_->listen_to(handled);
}

host::Result<int> RealStage::fork(Life life) {
  auto& context = events_->context();
  context.notify_fork(asio::io_context::fork_prepare);
  const pid_t pid = ::fork();
  if (pid == 0) {
    context.notify_fork(asio::io_context::fork_child);
    events_->begin_anew();
    listen_to_signals();
    ::_exit(play(life));
  }
  const int error = errno;
  context.notify_fork(asio::io_context::fork_parent);
  return pid > 0 ? host::Result<int>(pid) : failed(error);
}

bool RealStage::is_over(const Wait& wait) {
  if (wait.what == Wait::What::event) {
    events_->wait(wait.until);
  } else if (wait.what == Wait::What::moment) {
    asio::steady_timer(events_->context(), wait.until).wait();
  }
  return true;  // for room and for a reader, the system calls block
}

void RealStage::suspend(const Wait& /*wait*/, std::coroutine_handle<> /*waiting*/) {
  throw std::logic_error("a wait on the real machine must not suspend the coroutine");
}

StageEvent RealStage::take_event() { return events_->take(); }

Descriptor RealStage::add(posix::Descriptor pipe, bool is_attended) {
  return events_->add(
      {.file = Pipe(events_->context(), pipe.release()), .is_attended = is_attended});
}

host::Result<Descriptor> RealStage::listen(const host::Endpoint& endpoint) {
  const auto address = posix::address_of(endpoint);
  if (!address) {
    return tl::unexpected(address.error());
  }
  try {
    auto& context = events_->context();
    if (host::is_stream(endpoint.kind)) {
      return events_->add({.file = Listener(context, {address->get(), address->size})});
    }
    return events_->add({.file = Datagrams(context, {address->get(), address->size})});
  } catch (const boost::system::system_error& error) {
    return failed(error.code().value());
  }
}

host::Result<Descriptor> RealStage::connect(const host::Endpoint& endpoint) {
  const auto address = posix::address_of(endpoint);
  if (!address) {
    return tl::unexpected(address.error());
  }
  try {
    if (host::is_stream(endpoint.kind)) {
      return events_->connect({address->get(), address->size});
    }
    const datagram_protocol::endpoint peer(address->get(), address->size);
    Datagrams socket(events_->context(), peer.protocol());
    if (endpoint.kind == host::Endpoint::Kind::unix_datagram) {
      const sockaddr any = {.sa_family = AF_UNIX, .sa_data = {}};
      socket.bind({&any, sizeof any.sa_family});
    }
    socket.connect(peer);
    return events_->add({.file = std::move(socket)});
  } catch (const boost::system::system_error& error) {
    return failed(error.code().value());
  }
}

host::Result<void> RealStage::send(Descriptor descriptor, std::string_view bytes) {
  auto& open = events_->at(descriptor);
  error_code error;
  if (auto* const connection = std::get_if<Connection>(&open.file)) {
    error = write_all(*connection, bytes);
  } else if (auto* const pipe = std::get_if<Pipe>(&open.file)) {
    error = write_all(*pipe, bytes);
  } else if (auto& socket = std::get<Datagrams>(open.file); open.sender.size() > 0) {
    socket.send_to(asio::buffer(bytes), open.sender, 0, error);
  } else {
    socket.send(asio::buffer(bytes), 0, error);
  }
  return error ? failed(error.value()) : host::Result<void>();
}

host::Result<host::Endpoint> RealStage::local_endpoint(Descriptor descriptor) {
  const bool is_udp = std::holds_alternative<Datagrams>(events_->at(descriptor).file);
  posix::SocketAddress address{.size = sizeof address.storage};
  if (::getsockname(static_cast<int>(descriptor), address.get(), &address.size) != 0) {
    return failed(errno);
  }
  return posix::endpoint_of(is_udp ? host::Endpoint::Kind::udp : host::Endpoint::Kind::tcp,
                            address);
}

void RealStage::attend(Descriptor descriptor) { events_->at(descriptor).is_attended = true; }
void RealStage::ignore(Descriptor descriptor) { events_->at(descriptor).is_attended = false; }
void RealStage::close(Descriptor descriptor) { events_->close(descriptor); }

void RealStage::reset(Descriptor descriptor) {
  auto& connection = std::get<Connection>(events_->at(descriptor).file);
  connection.set_option(asio::socket_base::linger(true, 0));
  close(descriptor);
}

}  // namespace sim
