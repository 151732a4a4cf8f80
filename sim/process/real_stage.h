#pragma once

#include "agent/posix/descriptor.h"
#include "sim/process/stage.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {

// The error of a failed system call.
[[nodiscard]] tl::unexpected<host::Error> failed(int errno_value);

// Runs an actor as this process of the real machine. A wait blocks the whole process, so the actor
// runs from beginning to end in one call.
class RealStage final : public Stage {
 public:
  explicit RealStage(std::vector<std::string> arguments);
  RealStage(const RealStage&) = delete;
  RealStage& operator=(const RealStage&) = delete;
  ~RealStage() override;

  // Runs the actor and returns its exit code.
  [[nodiscard]] int play(const Life& life);

  // Called after each wait, before the actor continues; in children, too.
  void on_waking(std::function<void()> callback) { on_waking_ = std::move(callback); }
  // Called for each received signal that does not end the process, with the PID of the sender.
  void on_signal(std::function<void(int signal, int sender)> callback) {
    on_signal_ = std::move(callback);
  }

  [[nodiscard]] const std::vector<std::string>& arguments() const override { return arguments_; }
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const override;
  [[nodiscard]] int pid() const override;
  [[nodiscard]] std::uint32_t user() const override;
  void take_name(const std::string& name) override;
  [[nodiscard]] host::TimePoint now() const override;
  [[nodiscard]] std::time_t wall_time() const override;
  [[nodiscard]] std::uint64_t random() override;

  void close(Stream stream) override;

  [[nodiscard]] host::Result<int> fork(Life life) override;
  void lead_session() override;
  host::Result<void> become(const std::string& user, const std::string& group) override;
  [[nodiscard]] bool has_user(const std::string& name) override;
  [[nodiscard]] bool has_group(const std::string& name) override;
  void use_signal(int number, SignalUse use) override;
  host::Result<void> kill(int pid, int signal) override;
  host::Result<void> enter_kernel(host::Duration duration) override;
  [[nodiscard]] Task<void> die(int signal) override;

  [[nodiscard]] host::Result<std::string> read_file(const std::string& path) override;
  host::Result<void> write_file(const std::string& path, std::string_view text) override;
  host::Result<void> remove_file(const std::string& path) override;
  host::Result<void> make_fifo(const std::string& path, unsigned mode) override;
  host::Result<void> give_file(const std::string& path, const std::string& user,
                               const std::optional<std::string>& group) override;
  host::Result<void> set_mode(const std::string& path, unsigned mode) override;
  [[nodiscard]] host::Result<StageFile> file(const std::string& path) override;
  [[nodiscard]] bool may_write(const std::string& path) override;

  [[nodiscard]] std::string host_name() const override;
  [[nodiscard]] std::vector<std::string> own_addresses() const override;

  [[nodiscard]] PipeEnds make_pipe() override;
  [[nodiscard]] host::Result<Descriptor> open_fifo(const std::string& path) override;
  [[nodiscard]] Task<host::Result<Descriptor>> open_fifo_to_write(std::string path) override;
  [[nodiscard]] host::Result<Descriptor> open_read_fifo(const std::string& path) override;
  [[nodiscard]] host::Result<Descriptor> listen(const host::Endpoint& endpoint) override;
  [[nodiscard]] host::Result<Descriptor> connect(const host::Endpoint& endpoint) override;
  host::Result<void> send(Descriptor descriptor, std::string_view bytes) override;
  [[nodiscard]] host::Result<host::Endpoint> local_endpoint(Descriptor descriptor) override;
  void attend(Descriptor descriptor) override;
  void ignore(Descriptor descriptor) override;
  void close(Descriptor descriptor) override;
  void reset(Descriptor descriptor) override;

 protected:
  [[nodiscard]] bool is_over(const Wait& wait) override;
  void suspend(const Wait& wait, std::coroutine_handle<> waiting) override;
  [[nodiscard]] StageEvent take_event() override;
  std::size_t write_some(Stream stream, std::string_view text) override;

 private:
  class Events;  // pending events and open files

  Descriptor add(posix::Descriptor pipe, bool is_attended);
  host::Result<Descriptor> open_pipe(const std::string& path, int flags, bool is_attended);
  void listen_to_signals();

  std::vector<std::string> arguments_;
  std::map<int, SignalUse> uses_;
  std::function<void()> on_waking_ = [] {};
  std::function<void(int, int)> on_signal_ = [](int, int) {};
  std::unique_ptr<Events> events_;
};

}  // namespace sim
