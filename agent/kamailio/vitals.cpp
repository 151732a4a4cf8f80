#include "agent/kamailio/vitals.h"

#include "agent/kamailio/instance.h"

#include <algorithm>
#include <utility>

namespace kamailio {
namespace {

constexpr const char* uptime_method = "core.uptime";
constexpr const char* processes_method = "core.psx";
constexpr const char* memory_method = "core.shmmem";

std::string name_of(const host::Endpoint& rpc) {
  return (rpc.kind == host::Endpoint::Kind::unix_datagram ? "rpc=unixd:" : "rpc=unixs:") +
         rpc.address;
}

Worker::State state_of(const host::Host& host, const Parameters& parameters, int pid) {
  const auto process = host.processes.find(pid);
  if (!process || process->state == host::ProcessState::exiting || !is_mine(*process, parameters)) {
    return Worker::State::missing;
  }
  return process->state == host::ProcessState::stopped ? Worker::State::stopped
                                                       : Worker::State::lives;
}

// One answer as what it should be, or what is wrong with it.
template <typename T>
host::Result<T> read_answer(const host::Result<rpc::Value>& answer, const std::string& method,
                            host::Result<T> (*read)(const rpc::Value&)) {
  if (!answer) {
    return tl::unexpected(host::Error{.text = method + ": " + answer.error().text});
  }
  return read(*answer);
}

}  // namespace

std::string describe(const rpc::Uptime& uptime) {
  return "up for " + std::to_string(uptime.uptime.count()) + " s" +
         (uptime.since.empty() ? "" : ", since " + uptime.since);
}

std::vector<std::string> vital_methods(Depth depth) {
  std::vector<std::string> methods = {uptime_method, processes_method};
  if (depth == Depth::in_depth) {
    methods.emplace_back(memory_method);
  }
  return methods;
}

host::Result<Vitals> read_vitals(const host::Host& host, const Parameters& parameters,
                                 const host::ProcessId& main, Depth depth,
                                 const rpc::Calls& calls) {
  const std::string name = name_of(calls.peer());
  const auto wrong = [&](const std::string& text) {
    return tl::unexpected(host::Error{.text = name + ": " + text});
  };
  const auto& answers = calls.answers();
  if (calls.failure()) {
    return wrong(vital_methods(depth)[answers.size()] + ": " + calls.failure()->text);
  }
  auto uptime = read_answer(answers[0], uptime_method, rpc::read_uptime);
  if (!uptime) {
    return wrong(uptime.error().text);
  }
  Vitals vitals{.uptime = *std::move(uptime)};

  const auto processes = read_answer(answers[1], processes_method, rpc::read_processes);
  if (!processes) {
    vitals.unknown.push_back(name + ": " + processes.error().text);
  } else if (std::ranges::find(*processes, main.pid, &rpc::ServerProcess::pid) ==
             processes->end()) {
    return wrong("the Kamailio there is process " + std::to_string(processes->front().pid) +
                 ", and this instance is process " + std::to_string(main.pid) +
                 ": each instance needs an RPC socket of its own");
  }
  if (depth == Depth::health) {
    return vitals;
  }
  for (const auto& process : processes.value_or(std::vector<rpc::ServerProcess>())) {
    if (process.pid > 0) {  // 0: about to be forked
      vitals.workers.push_back(
          {.process = process, .state = state_of(host, parameters, process.pid)});
    }
  }
  if (const auto memory = read_answer(answers[2], memory_method, rpc::read_shared_memory)) {
    vitals.memory = *memory;
  } else {
    vitals.unknown.push_back(name + ": " + memory.error().text);
  }
  return vitals;
}

}  // namespace kamailio
