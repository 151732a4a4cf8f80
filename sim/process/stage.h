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

// A file that the process has open: a socket, or an end of a pipe.
enum class Descriptor : int {};

// The process itself, at the latest at the moment it asked for.
struct TimeIsUp {};

// A signal whose disposition is `handled`.
struct GotSignal {
  int number = 0;
};

struct ChildEnded {
  int pid = 0;
  std::optional<int> exit_code;  // nothing: a signal ended it
};

// Somebody has connected to a stream socket that listens.
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

// Nothing more comes. The reason is empty if the other end was closed in good order; otherwise it
// is what the system says, such as "Connection refused".
struct GotEnd {
  Descriptor descriptor{};
  std::string reason;
};

using StageEvent = std::variant<TimeIsUp, GotSignal, ChildEnded, GotConnection, GotThrough,
                                GotDatagram, GotBytes, GotEnd>;

enum class Stream { out, err };

// signal(2): the default action, none, or an event.
enum class SignalUse { standard, ignored, handled };

struct StageFile {
  enum class Type { regular, directory, fifo, socket, other };
  Type type = Type::other;
  std::uint32_t owner = 0;  // uid
};

// Where an actor plays one process: in the simulated machine or on the real one. It is what POSIX
// offers to a process, as far as the actors need it. Only `co_await` waits. Errors are texts of
// the system, such as "Address already in use".
class Stage {
 protected:
  // What a process waits for.
  struct Wait {
    enum class What { event, moment, room, reader };
    What what = What::event;
    host::TimePoint until = host::TimePoint::max();
    Stream stream = Stream::out;  // in which there is to be room
    // `reader`: somebody who opens the FIFO that this process is opening to write.
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

  // Who it is.
  [[nodiscard]] virtual const std::vector<std::string>& arguments() const = 0;
  [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) const = 0;
  [[nodiscard]] virtual int pid() const = 0;
  [[nodiscard]] virtual std::uint32_t user() const = 0;  // uid
  // What a list of processes calls it from now on (proc(5), comm).
  virtual void take_name(const std::string& name) = 0;

  [[nodiscard]] virtual host::TimePoint now() const = 0;
  [[nodiscard]] virtual std::time_t wall_time() const = 0;
  [[nodiscard]] virtual std::uint64_t random() = 0;

  // The next event, at the deadline TimeIsUp. Each event comes once, to one process of those that
  // attend to the same descriptor.
  [[nodiscard]] auto next(host::TimePoint deadline = host::TimePoint::max()) {
    struct Next : Waiting {
      [[nodiscard]] StageEvent await_resume() const { return stage.take_event(); }
    };
    return Next{{*this, {.what = Wait::What::event, .until = deadline}}};
  }

  // Lets time pass. What happens meanwhile comes afterwards.
  [[nodiscard]] Task<void> rest(host::Duration duration);

  // Writes to the standard output or error; waits while nobody takes it.
  [[nodiscard]] Task<void> write(Stream stream, std::string text);
  virtual void close(Stream stream) = 0;

  // Processes. The child shares all descriptors, but attends to none of them yet; its life begins
  // when this process waits.
  [[nodiscard]] virtual host::Result<int> fork(Life life) = 0;
  virtual void lead_session() = 0;
  // Gives up root for good. The names are those of users and groups that the machine knows, or
  // numbers; an empty group is that of the user. Nothing is changed if one is unknown.
  virtual host::Result<void> become(const std::string& user, const std::string& group) = 0;
  [[nodiscard]] virtual bool has_user(const std::string& name) = 0;
  [[nodiscard]] virtual bool has_group(const std::string& name) = 0;
  virtual void use_signal(int number, SignalUse use) = 0;
  // kill(2): pid 0 is the own group, signal 0 only asks. not_permitted: it is another user's.
  virtual host::Result<void> kill(int pid, int signal) = 0;
  // Waits inside the kernel, where every signal has to wait, too. Nothing comes after it until that
  // is over. `failed` where it cannot be made to happen.
  virtual host::Result<void> enter_kernel(host::Duration duration) = 0;
  // Ends by the signal, whatever its disposition. Nothing comes after it.
  [[nodiscard]] virtual Task<void> die(int signal) = 0;

  // Files.
  [[nodiscard]] virtual host::Result<std::string> read_file(const std::string& path) = 0;
  virtual host::Result<void> write_file(const std::string& path, std::string_view text) = 0;
  virtual host::Result<void> remove_file(const std::string& path) = 0;
  virtual host::Result<void> make_fifo(const std::string& path, unsigned mode) = 0;
  // chown(2), with names as for become(). Without a group the file keeps its own.
  virtual host::Result<void> give_file(const std::string& path, const std::string& user,
                                       const std::optional<std::string>& group) = 0;
  // chmod(2): whatever the umask is.
  virtual host::Result<void> set_mode(const std::string& path, unsigned mode) = 0;
  [[nodiscard]] virtual host::Result<StageFile> file(const std::string& path) = 0;
  [[nodiscard]] virtual bool may_write(const std::string& path) = 0;

  // The machine.
  [[nodiscard]] virtual std::string host_name() const = 0;
  // Those of IPv4, of all interfaces.
  [[nodiscard]] virtual std::vector<std::string> own_addresses() const = 0;

  // Descriptors. Those that a process has opened itself it attends to.
  struct PipeEnds {
    Descriptor reading{};
    Descriptor writing{};
  };
  [[nodiscard]] virtual PipeEnds make_pipe() = 0;
  // Does not wait for a writer.
  [[nodiscard]] virtual host::Result<Descriptor> open_fifo(const std::string& path) = 0;
  // Waits until somebody reads.
  [[nodiscard]] virtual Task<host::Result<Descriptor>> open_fifo_to_write(std::string path) = 0;
  // Fails if nobody does.
  [[nodiscard]] virtual host::Result<Descriptor> open_read_fifo(const std::string& path) = 0;
  [[nodiscard]] virtual host::Result<Descriptor> listen(const host::Endpoint& endpoint) = 0;
  // A stream comes with GotThrough or GotEnd.
  [[nodiscard]] virtual host::Result<Descriptor> connect(const host::Endpoint& endpoint) = 0;
  // To the peer of the connection or, on a datagram socket that listens, to whom the last datagram
  // came from. What there is no room for is kept for a stream and lost for a datagram.
  virtual host::Result<void> send(Descriptor descriptor, std::string_view bytes) = 0;
  // Of a udp or tcp socket.
  [[nodiscard]] virtual host::Result<host::Endpoint> local_endpoint(Descriptor descriptor) = 0;
  virtual void attend(Descriptor descriptor) = 0;
  virtual void ignore(Descriptor descriptor) = 0;
  virtual void close(Descriptor descriptor) = 0;
  // Breaks a tcp connection off (RST).
  virtual void reset(Descriptor descriptor) = 0;

 protected:
  // True if the wait is over or, on a stage where a wait stops the whole process, when it is.
  [[nodiscard]] virtual bool is_over(const Wait& wait) = 0;
  // Resumes the coroutine when the wait is over.
  virtual void suspend(const Wait& wait, std::coroutine_handle<> waiting) = 0;
  // After a wait for an event.
  [[nodiscard]] virtual StageEvent take_event() = 0;
  // As much as there is room for.
  virtual std::size_t write_some(Stream stream, std::string_view text) = 0;
};

}  // namespace sim
