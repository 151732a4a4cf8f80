#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"
#include "agent/host/result.h"
#include "sim/kernel/scheduler.h"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sim {

// An open file of the process: a socket, or an end of a pipe.
enum class Descriptor : int {};

// The event at the deadline of a wait.
struct TimeIsUp {};

// A signal whose disposition is `handled`.
struct GotSignal {
  int number = 0;
};

struct ChildEnded {
  int pid = 0;
  std::optional<int> exit_code;  // nothing: ended by a signal
};

// A peer has connected to a listening stream socket.
struct GotConnection {
  Descriptor listener{};
  Descriptor connection{};
};

// A stream socket of this process is connected.
struct GotThrough {
  Descriptor socket{};
};

struct GotDatagram {
  Descriptor socket{};
  std::string bytes;
};

// The next piece of a stream or a pipe.
struct GotBytes {
  Descriptor descriptor{};
  std::string bytes;
};

// The end of a stream. The reason is empty after a regular close; otherwise it is the system's
// text, such as "Connection refused".
struct GotEnd {
  Descriptor descriptor{};
  std::string reason;
};

using StageEvent = std::variant<TimeIsUp, GotSignal, ChildEnded, GotConnection, GotThrough,
                                GotDatagram, GotBytes, GotEnd>;

enum class Stream { out, err };

// signal(2): the default action, ignored, or delivered as an event.
enum class SignalUse { standard, ignored, handled };

struct StageFile {
  enum class Type { regular, directory, fifo, socket, other };
  Type type = Type::other;
  std::uint32_t owner = 0;  // uid
};

// The environment of an actor, which is one process in the simulated machine or on the real one:
// the part of POSIX that the actors need. Only `co_await` waits. Errors are texts of the system,
// such as "Address already in use".
class Stage {
 protected:
  // The condition of a wait.
  struct Wait {
    enum class What { event, moment, room, reader };
    What what = What::event;
    host::TimePoint until = host::TimePoint::max();
    Stream stream = Stream::out;  // that must have room
    // `reader`: a reader of the FIFO that this process opens for writing.
  };

  struct Waiting {
    Stage& stage;
    Wait wait;
    [[nodiscard]] bool await_ready() const { return stage.is_over(wait); }
    void await_suspend(std::coroutine_handle<> waiting) const { stage.suspend(wait, waiting); }
    void await_resume() const {}
  };

 public:
  virtual ~Stage() = default;

  // The identity of the process.
  [[nodiscard]] virtual const std::vector<std::string>& arguments() const = 0;
  [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) const = 0;
  [[nodiscard]] virtual int pid() const = 0;
  [[nodiscard]] virtual std::uint32_t user() const = 0;  // uid
  // Sets its name in lists of processes (proc(5), comm).
  virtual void take_name(const std::string& name) = 0;

  [[nodiscard]] virtual host::TimePoint now() const = 0;
  [[nodiscard]] virtual std::time_t wall_time() const = 0;
  [[nodiscard]] virtual std::uint64_t random() = 0;

  // Returns the next event, or TimeIsUp at the deadline. Each event goes to one of the processes
  // that attend to the descriptor.
  [[nodiscard]] auto next(host::TimePoint deadline = host::TimePoint::max()) {
    struct Next : Waiting {
      [[nodiscard]] StageEvent await_resume() const { return stage.take_event(); }
    };
    return Next{{*this, {.what = Wait::What::event, .until = deadline}}};
  }

  // Waits. Events of this time are returned afterwards.
  [[nodiscard]] Task<void> rest(host::Duration duration);

  // Writes to standard output or error; waits while there is no room.
  [[nodiscard]] Task<void> write(Stream stream, std::string text);
  virtual void close(Stream stream) = 0;

  // Processes. The child shares all descriptors, but attends to none of them yet; it begins when
  // this process waits.
  [[nodiscard]] virtual host::Result<int> fork(Life life) = 0;
  virtual void lead_session() = 0;
  // Drops root permanently. The names are those of known users and groups, or numbers; an empty
  // group is that of the user. Changes nothing if one is unknown.
  virtual host::Result<void> become(const std::string& user, const std::string& group) = 0;
  [[nodiscard]] virtual bool has_user(const std::string& name) = 0;
  [[nodiscard]] virtual bool has_group(const std::string& name) = 0;
  virtual void use_signal(int number, SignalUse use) = 0;
  // kill(2): PID 0 is the caller's group, signal 0 only checks. not_permitted: it is another
  // user's.
  virtual host::Result<void> kill(int pid, int signal) = 0;
  // Waits in the kernel, where signals are delayed. Returns `failed` where this is not possible.
  virtual host::Result<void> enter_kernel(host::Duration duration) = 0;
  // Ends the process by the signal, regardless of its disposition.
  [[nodiscard]] virtual Task<void> die(int signal) = 0;

  // Files.
  [[nodiscard]] virtual host::Result<std::string> read_file(const std::string& path) = 0;
  virtual host::Result<void> write_file(const std::string& path, std::string_view text) = 0;
  virtual host::Result<void> remove_file(const std::string& path) = 0;
  virtual host::Result<void> make_fifo(const std::string& path, unsigned mode) = 0;
  // chown(2), with names as for become(). Without a group the file keeps its own.
  virtual host::Result<void> give_file(const std::string& path, const std::string& user,
                                       const std::optional<std::string>& group) = 0;
  // chmod(2), regardless of the umask.
  virtual host::Result<void> set_mode(const std::string& path, unsigned mode) = 0;
  [[nodiscard]] virtual host::Result<StageFile> file(const std::string& path) = 0;
  [[nodiscard]] virtual bool may_write(const std::string& path) = 0;

  // The machine.
  [[nodiscard]] virtual std::string host_name() const = 0;
  // The IPv4 addresses of all interfaces.
  [[nodiscard]] virtual std::vector<std::string> own_addresses() const = 0;

  // Descriptors. A process attends to those that it has opened.
  struct PipeEnds {
    Descriptor reading{};
    Descriptor writing{};
  };
  [[nodiscard]] virtual PipeEnds make_pipe() = 0;
  // Does not wait for a writer.
  [[nodiscard]] virtual host::Result<Descriptor> open_fifo(const std::string& path) = 0;
  // Waits until somebody reads.
  [[nodiscard]] virtual Task<host::Result<Descriptor>> open_fifo_to_write(std::string path) = 0;
  // Fails if nobody reads.
  [[nodiscard]] virtual host::Result<Descriptor> open_read_fifo(const std::string& path) = 0;
  [[nodiscard]] virtual host::Result<Descriptor> listen(const host::Endpoint& endpoint) = 0;
  // The result for a stream is the event GotThrough or GotEnd.
  [[nodiscard]] virtual host::Result<Descriptor> connect(const host::Endpoint& endpoint) = 0;
  // Sends to the peer of the connection or, on a listening datagram socket, to the sender of the
  // last datagram. Without room, the rest of a stream is kept, and a datagram is lost.
  virtual host::Result<void> send(Descriptor descriptor, std::string_view bytes) = 0;
  // Of a udp or tcp socket.
  [[nodiscard]] virtual host::Result<host::Endpoint> local_endpoint(Descriptor descriptor) = 0;
  virtual void attend(Descriptor descriptor) = 0;
  virtual void ignore(Descriptor descriptor) = 0;
  virtual void close(Descriptor descriptor) = 0;
  // Aborts a TCP connection (RST).
  virtual void reset(Descriptor descriptor) = 0;

 protected:
  // Whether the wait has ended or, on a stage where a wait blocks the process, waits for its end
  // and returns true.
  [[nodiscard]] virtual bool is_over(const Wait& wait) = 0;
  // Resumes the coroutine after the wait.
  virtual void suspend(const Wait& wait, std::coroutine_handle<> waiting) = 0;
  // The event after a wait.
  [[nodiscard]] virtual StageEvent take_event() = 0;
  // Writes as much as there is room for.
  virtual std::size_t write_some(Stream stream, std::string_view text) = 0;
};

}  // namespace sim
