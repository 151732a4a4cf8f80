#include "sim/process/simulated_stage.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

constexpr int first_descriptor = 3;

// proc(5), comm.
std::string command_name(const std::string& path) {
  constexpr std::size_t longest = 15;
  return path.substr(path.rfind('/') + 1, longest);
}

tl::unexpected<host::Error> failed(std::string text) {
  return tl::unexpected(host::Error{.text = std::move(text)});
}

}  // namespace

SimulatedStage::SimulatedStage(Machine& machine, const Process& process, Life life,
                               Inheritance inheritance)
    : machine_(machine),
      id_(process.id),
      arguments_(process.arguments),
      streams_(std::move(inheritance.streams)),
      files_(std::move(inheritance.files)),
      life_(std::move(life)) {}

Errno<int> SimulatedStage::spawn(Machine& machine, NewProcess process) {
  if (machine.spawn_error) {
    return tl::unexpected(*machine.spawn_error);
  }
  const std::string& path = process.arguments.at(0);
  const auto program = machine.program_at(path, process.identity);
  if (!program) {
    return tl::unexpected(program.error());
  }
  auto& processes = machine.processes;
  auto& started =
      processes.add({.parent = process.parent,
                     .guard = process.guard,
                     .denied = process.denied,
                     .executable = *program,
                     .arguments = process.arguments,
                     .name = command_name(path),
                     .environment = std::make_shared<const std::map<std::string, std::string>>(
                         std::move(process.environment)),
                     .identity = process.identity});
  if (process.session == NewProcess::Session::own) {
    started.session = started.group = started.id.pid;
  }
  if (const auto* const parent = processes.find(process.parent);
      parent != nullptr && machine.trace.is_on()) {
    std::string words;
    for (const auto& argument : process.arguments) {
      words += (words.empty() ? "" : " ") + argument;
    }
    machine.trace.write(machine.time.now(), name_of(*parent),
                        "starts " + name_of(started) + ": " + words);
  }
  put_on(machine, started, machine.programs.at(*program),
         {.streams = {std::move(process.out), std::move(process.err)}});
  return started.id.pid;
}

void SimulatedStage::put_on(Machine& machine, Process& process, Life life,
                            Inheritance inheritance) {
  process.body =
      std::make_shared<SimulatedStage>(machine, process, std::move(life), std::move(inheritance));
  process.body->look();
}

// Process and body end together.
Process& SimulatedStage::process() { return *machine_.processes.find(id_); }
const Process& SimulatedStage::process() const { return *machine_.processes.find(id_); }

void SimulatedStage::look() {
  if (!is_planned_) {
    is_planned_ = true;
    machine_.time.in(Duration(0), [weak = weak_from_this()] {
      if (const auto self = weak.lock()) {
        self->is_planned_ = false;
        self->go_on();
      }
    });
  }
}

void SimulatedStage::close_all() {
  attended_.clear();
  files_.clear();
  streams_ = {};
}

void SimulatedStage::go_on() {
  const auto* const mine = machine_.processes.find(id_);
  if (mine == nullptr || !mine->can_run()) {
    return;
  }
  if (!task_) {
    task_ = life_(*this);
    task_->start();
  } else if (waiting_ && is_over(wait_)) {
    if (timer_) {
      machine_.time.cancel(*std::exchange(timer_, std::nullopt));
    }
    change_.reset();
    std::exchange(waiting_, {}).resume();
  }
  if (task_->is_done()) {
    const int code = task_->result();
    machine_.processes.end(process(), {.by = WaitStatus::By::exit, .value = code & 0xff});
  }
}

bool SimulatedStage::is_over(const Wait& wait) {
  if (!process().can_run()) {
    return false;  // it has just stopped or ended itself
  }
  const bool is_late = machine_.time.now() >= wait.until;
  switch (wait.what) {
    case Wait::What::moment:
      return is_late;
    case Wait::What::room: {
      const auto& end = stream_end(wait.stream);
      return !end || end->pipe().readers() == 0 || !end->pipe().is_full();
    }
    case Wait::What::reader:
      return opened_->readers() > 0;
    case Wait::What::event:
      look_for_event();
      if (!event_ && is_late) {
        event_ = TimeIsUp{};
      }
      return event_.has_value();
  }
  return true;
}

void SimulatedStage::suspend(const Wait& wait, std::coroutine_handle<> waiting) {
  wait_ = wait;
  waiting_ = waiting;
  if (wait.what == Wait::What::room) {
    change_ = stream_end(wait.stream)->pipe().changes().join([this] { look(); });
  } else if (wait.what == Wait::What::reader) {
    change_ = opened_->changes().join([this] { look(); });
  } else if (wait.until != host::TimePoint::max()) {
    timer_ = machine_.time.at(wait.until, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) {
        self->timer_.reset();
        self->look();
      }
    });
  }
}

StageEvent SimulatedStage::take_event() { return *std::exchange(event_, std::nullopt); }

void SimulatedStage::look_for_event() {
  if (!event_) {
    event_ = take_signal();
  }
  if (!event_) {
    event_ = take_ended_child();
  }
  if (!event_) {
    event_ = take_from_files();
  }
}

std::optional<StageEvent> SimulatedStage::take_signal() {
  auto& to_handle = process().to_handle;
  if (to_handle.empty()) {
    return std::nullopt;
  }
  const int number = to_handle.front();
  to_handle.pop_front();
  return GotSignal{.number = number};
}

std::optional<StageEvent> SimulatedStage::take_ended_child() {
  const auto ended = std::ranges::find_if(machine_.processes.all(), [this](const auto& entry) {
    return entry.second.parent == id_.pid && entry.second.ended;
  });
  if (ended == machine_.processes.all().end()) {
    return std::nullopt;
  }
  const int pid = ended->first;
  const auto status = machine_.processes.reap(*machine_.processes.find(pid));
  return ChildEnded{
      .pid = pid,
      .exit_code = status.by == WaitStatus::By::exit ? std::optional(status.value) : std::nullopt};
}

std::optional<StageEvent> SimulatedStage::take_from_files() {
  for (const auto& [descriptor, place] : attended_) {
    if (auto happened = file_at(descriptor)->take(descriptor)) {
      if (auto* const connected = std::get_if<GotConnection>(&happened->event)) {
        connected->connection = add(std::move(happened->connection));
      }
      return std::move(happened->event);
    }
  }
  return std::nullopt;
}

std::size_t SimulatedStage::write_some(Stream stream, std::string_view text) {
  const auto& end = stream_end(stream);
  if (!end) {
    return text.size();
  }
  if (end->pipe().readers() == 0) {
    machine_.processes.send(process(), SIGPIPE);
    return text.size();
  }
  return end->pipe().write(text);
}

void SimulatedStage::close(Stream stream) { stream_end(stream).reset(); }

void SimulatedStage::take_name(const std::string& name) { process().name = name; }

std::optional<std::string> SimulatedStage::variable(const std::string& name) const {
  const auto& environment = process().environment;
  if (!environment) {
    return std::nullopt;
  }
  const auto found = environment->find(name);
  return found == environment->end() ? std::nullopt : std::optional(found->second);
}

host::Result<int> SimulatedStage::fork(Life life) {
  if (process().denied == host::Denied::children) {
    return failed("Resource temporarily unavailable");
  }
  auto& child = machine_.processes.fork(process());
  if (machine_.trace.is_on()) {
    machine_.trace.write(machine_.time.now(), name_of(process()), "forks " + name_of(child));
  }
  put_on(machine_, child, std::move(life), {.streams = streams_, .files = files_});
  return child.id.pid;
}

void SimulatedStage::lead_session() { process().session = process().group = id_.pid; }

host::Result<void> SimulatedStage::become(const std::string& user, const std::string& group) {
  const auto owner = owner_called(user, group);
  if (!owner) {
    return tl::unexpected(owner.error());
  }
  auto& identity = process().identity;
  if (identity.user != 0) {
    return failed("Operation not permitted");
  }
  identity.user = owner->user;
  identity.group = owner->group;
  return {};
}

host::Result<host::Owner> SimulatedStage::owner_called(const std::string& user,
                                                       const std::string& group) const {
  const auto found_user = machine_.users.find_user(user);
  const auto found_group =
      group.empty() && found_user ? found_user->primary_group : machine_.users.find_group(group);
  if (!found_user || !found_group) {
    return failed("unknown user or group");
  }
  return host::Owner{.user = found_user->id, .group = *found_group};
}

bool SimulatedStage::has_user(const std::string& name) {
  return machine_.users.find_user(name).has_value();
}

bool SimulatedStage::has_group(const std::string& name) {
  return machine_.users.find_group(name).has_value();
}

host::Result<void> SimulatedStage::enter_kernel(host::Duration duration) {
  machine_.processes.set_uninterruptible(process(), true);
  if (duration != host::Duration::max()) {
    machine_.time.in(duration, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) {
        self->machine_.processes.set_uninterruptible(self->process(), false);
      }
    });
  }
  return {};
}

void SimulatedStage::use_signal(int number, SignalUse use) {
  machine_.processes.set_disposition(process(), number,
                                     use == SignalUse::standard  ? Disposition::standard
                                     : use == SignalUse::ignored ? Disposition::ignored
                                                                 : Disposition::handled);
}

host::Result<void> SimulatedStage::kill(int pid, int signal) {
  if (pid <= 0 && signal == 0) {
    return {};  // the group contains at least this process
  }
  if (pid <= 0) {
    machine_.processes.send_to_group(pid == 0 ? process().group : -pid, signal);
    return {};
  }
  auto* const receiver = machine_.processes.find(pid);
  if (receiver == nullptr) {
    return failed("No such process");
  }
  const auto user = process().identity.user;
  if (user != 0 && user != receiver->identity.user) {
    return tl::unexpected(
        host::Error{.kind = host::ErrorKind::not_permitted, .text = "Operation not permitted"});
  }
  if (signal != 0) {
    machine_.processes.send(*receiver, signal);
  }
  return {};
}

Task<void> SimulatedStage::die(int signal) {
  machine_.processes.end(process(), {.by = WaitStatus::By::signal, .value = signal});
  co_await Waiting{*this, {.what = Wait::What::moment}};
}

Stage::PipeEnds SimulatedStage::make_pipe() {
  const auto pipe = std::make_shared<Pipe>();
  const auto end = [&](PipeEnd::Use use) {
    return add(std::make_shared<OpenPipe>(std::make_shared<PipeEnd>(pipe, use)));
  };
  return {.reading = end(PipeEnd::Use::reading), .writing = end(PipeEnd::Use::writing)};
}

host::Result<void> SimulatedStage::send(Descriptor descriptor, std::string_view bytes) {
  return file_at(descriptor)->send(bytes);
}

host::Result<host::Endpoint> SimulatedStage::local_endpoint(Descriptor descriptor) {
  return file_at(descriptor)->local_endpoint();
}

void SimulatedStage::attend(Descriptor descriptor) {
  attended_[descriptor] = file_at(descriptor)->changes().join([this] { look(); });
}

void SimulatedStage::ignore(Descriptor descriptor) { attended_.erase(descriptor); }

void SimulatedStage::close(Descriptor descriptor) {
  attended_.erase(descriptor);
  files_.erase(descriptor);
}

void SimulatedStage::reset(Descriptor descriptor) {
  file_at(descriptor)->reset();
  close(descriptor);
}

std::vector<int> SimulatedStage::open_descriptors() const {
  std::vector<int> numbers;
  for (int standard = 0; standard < first_descriptor; ++standard) {
    numbers.push_back(standard);
  }
  for (const auto& [descriptor, file] : files_) {
    numbers.push_back(static_cast<int>(descriptor));
  }
  return numbers;
}

Descriptor SimulatedStage::add(std::shared_ptr<OpenFile> file) {
  int number = first_descriptor;
  while (files_.contains(Descriptor(number))) {
    ++number;
  }
  files_.emplace(Descriptor(number), std::move(file));
  attend(Descriptor(number));
  return Descriptor(number);
}

std::shared_ptr<OpenFile> SimulatedStage::file_at(Descriptor descriptor) const {
  const auto found = files_.find(descriptor);
  if (found == files_.end()) {
    throw std::logic_error("an actor uses a descriptor that is not open");
  }
  return found->second;
}

}  // namespace sim
