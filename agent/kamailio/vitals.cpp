#include "agent/host/file_system.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/reasons.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace kamailio {
namespace {

std::string name_of(const host::Endpoint& rpc) {
  return (rpc.kind == host::Endpoint::Kind::unix_datagram ? "rpc=unixd:" : "rpc=unixs:") +
         rpc.address;
}

std::string why_not(const host::Host& host, const host::Endpoint& rpc, const std::string& method,
                    const host::Error& error) {
  if (const auto status = host.files.status(rpc.address);
      status && status->type == host::FileType::fifo) {
    return say<Reason::rpc_fifo>(name_of(rpc));
  }
  switch (error.kind) {
    case host::ErrorKind::not_found:
      return say<Reason::rpc_socket_missing>(name_of(rpc));
    case host::ErrorKind::refused:
      return say<Reason::rpc_socket_deserted>(name_of(rpc));
    case host::ErrorKind::wrong_type: {
      auto other = rpc;
      other.kind = rpc.kind == host::Endpoint::Kind::unix_datagram
                       ? host::Endpoint::Kind::unix_stream
                       : host::Endpoint::Kind::unix_datagram;
      return say<Reason::rpc_socket_of_other_kind>(name_of(rpc), name_of(other));
    }
    default:
      return say<Reason::rpc_unanswered>(name_of(rpc), method, error.text);
  }
}

Worker::State state_of(const host::Host& host, const Parameters& parameters, int main, int pid) {
  const auto process = host.processes.find(pid);
  if (!process || process->state == host::ProcessState::exiting ||
      process->state == host::ProcessState::zombie ||
      (pid != main && process->parent != main && !has_pid_file_option(*process, parameters))) {
    return Worker::State::missing;
  }
  return process->state == host::ProcessState::stopped ? Worker::State::stopped
                                                       : Worker::State::lives;
}

// A server's replies to the calls, converted to their types.
class Answers {
 public:
  Answers(const host::Host& host, const rpc::Calls& calls, std::vector<rpc::Call> made)
      : host_(host), calls_(calls), made_(std::move(made)) {}

  // The reply to the call with this number, or the error.
  template <typename T>
  host::Result<T> read(std::size_t number, host::Result<T> (*read_value)(const rpc::Value&)) const {
    const auto& answers = calls_.answers();
    const auto wrong = [&](const host::Error& error) {
      return tl::unexpected(
          host::Error{.text = why_not(host_, calls_.peer(), made_[number].method, error)});
    };
    if (number >= answers.size()) {
      return wrong(calls_.failure().value_or(host::Error{.text = "no answer"}));
    }
    if (!answers[number]) {
      return wrong(answers[number].error());
    }
    const auto value = read_value(*answers[number]);
    return value ? value : wrong(value.error());
  }

 private:
  const host::Host& host_;
  const rpc::Calls& calls_;
  std::vector<rpc::Call> made_;
};

}  // namespace

std::string describe(const rpc::Uptime& uptime) {
  const auto seconds = uptime.uptime.count();
  return (seconds < 0 ? "up for an unknown time, since the clock was set back"
                      : "up for " + std::to_string(seconds) + " s") +
         (uptime.since.empty() ? "" : ", since " + uptime.since);
}

std::vector<rpc::Call> vital_calls(Depth depth) {
  if (depth != Depth::in_depth) {
    return {{.method = "core.uptime"}};
  }
  return {{.method = "core.uptime"},
          {.method = "core.psx"},
          {.method = "core.shmmem", .parameter = "k"}};
}

host::Result<Vitals> read_vitals(const host::Host& host, const Parameters& parameters,
                                 const host::ProcessId& main, Depth depth,
                                 const rpc::Calls& calls) {
  const Answers answers(host, calls, vital_calls(depth));
  auto uptime = answers.read(0, rpc::read_uptime);
  if (!uptime) {
    return tl::unexpected(uptime.error());
  }
  Vitals vitals{.uptime = *std::move(uptime)};

  if (depth != Depth::in_depth) {
    return vitals;
  }
  const auto processes = answers.read(1, rpc::read_processes);
  if (!processes) {
    vitals.unknown.push_back(processes.error().text);
  } else if (std::ranges::find(*processes, main.pid, &rpc::ServerProcess::pid) ==
             processes->end()) {
    // The rest of the reply is about another instance.
    vitals.foreign =
        say<Reason::rpc_of_another>(name_of(calls.peer()), processes->front().pid, main.pid);
    return vitals;
  }
  for (const auto& process : processes.value_or(std::vector<rpc::ServerProcess>())) {
    if (process.pid > 0) {  // 0: about to be forked
      vitals.workers.push_back({.process = process});
    }
  }
  look_again(host, parameters, main, vitals);
  if (const auto memory = answers.read(2, rpc::read_shared_memory)) {
    vitals.memory = *memory;
  } else {
    vitals.unknown.push_back(memory.error().text);
  }
  return vitals;
}

void look_again(const host::Host& host, const Parameters& parameters, const host::ProcessId& main,
                Vitals& vitals) {
  for (auto& worker : vitals.workers) {
    worker.state = state_of(host, parameters, main.pid, worker.process.pid);
  }
}

}  // namespace kamailio
