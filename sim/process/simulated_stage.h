#pragma once

#include "sim/machine/machine.h"
#include "sim/process/open_file.h"
#include "sim/process/stage.h"

#include <array>
#include <coroutine>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// Runs an actor as a process of the simulated machine, whose body it is.
class SimulatedStage final : public Stage,
                             public Body,
                             public std::enable_shared_from_this<SimulatedStage> {
 public:
  // The inherited attributes of a process.
  struct Inheritance {
    std::array<std::shared_ptr<PipeEnd>, 2> streams = {};  // out and err; nothing: /dev/null
    std::map<Descriptor, std::shared_ptr<OpenFile>> files = {};
  };

  SimulatedStage(Machine& machine, const Process& process, Life life, Inheritance inheritance);

  struct NewProcess {
    std::vector<std::string> arguments;  // the first is the absolute path of the program
    std::map<std::string, std::string> environment;
    int parent = Processes::init;
    Identity identity = {};
    enum class Session { shared, own } session = Session::shared;
    int guard = 0;
    host::Denied denied = host::Denied::nothing;
    std::shared_ptr<PipeEnd> out;  // nothing: /dev/null
    std::shared_ptr<PipeEnd> err;
  };
  // posix_spawn(3). ENOENT, EACCES and so on, as execve(2).
  static Errno<int> spawn(Machine& machine, NewProcess process);

  // The process begins when time passes.
  static void put_on(Machine& machine, Process& process, Life life, Inheritance inheritance);

  void look() override;
  void close_all() override;

  [[nodiscard]] const std::vector<std::string>& arguments() const override { return arguments_; }
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const override;
  [[nodiscard]] int pid() const override { return id_.pid; }
  [[nodiscard]] std::uint32_t user() const override { return process().identity.user; }
  void take_name(const std::string& name) override;
  [[nodiscard]] host::TimePoint now() const override { return machine_.time.now(); }
  [[nodiscard]] std::time_t wall_time() const override { return machine_.wall_time(); }
  [[nodiscard]] std::uint64_t random() override { return machine_.random.next(); }

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

  // For observers of the process.
  [[nodiscard]] std::vector<int> open_descriptors() const;
  [[nodiscard]] const Process& process() const;

 protected:
  [[nodiscard]] bool is_over(const Wait& wait) override;
  void suspend(const Wait& wait, std::coroutine_handle<> waiting) override;
  [[nodiscard]] StageEvent take_event() override;
  std::size_t write_some(Stream stream, std::string_view text) override;

 private:
  [[nodiscard]] Process& process();
  [[nodiscard]] host::Result<host::Owner> owner_called(const std::string& user,
                                                       const std::string& group) const;
  [[nodiscard]] std::shared_ptr<PipeEnd>& stream_end(Stream stream) {
    return streams_.at(stream == Stream::out ? 0 : 1);
  }

  void go_on();
  void look_for_event();
  [[nodiscard]] std::optional<StageEvent> take_signal();
  [[nodiscard]] std::optional<StageEvent> take_ended_child();
  [[nodiscard]] std::optional<StageEvent> take_from_files();
  Descriptor add(std::shared_ptr<OpenFile> file);
  [[nodiscard]] std::shared_ptr<OpenFile> file_at(Descriptor descriptor) const;

  Machine& machine_;
  host::ProcessId id_;
  std::vector<std::string> arguments_;
  std::array<std::shared_ptr<PipeEnd>, 2> streams_;
  std::map<Descriptor, std::shared_ptr<OpenFile>> files_;
  std::map<Descriptor, WaitList::Place> attended_;
  std::optional<WaitList::Place> change_;  // in the list of the pipe that it waits for
  std::shared_ptr<Pipe> opened_;           // the FIFO that is being opened

  Life life_;  // the coroutine refers to it
  std::optional<Task<int>> task_;
  std::coroutine_handle<> waiting_;
  Wait wait_;
  std::optional<StageEvent> event_;
  std::optional<Scheduler::Plan> timer_;
  bool is_planned_ = false;
};

}  // namespace sim
