#include "sim/worlds/plot_player.h"

#include <stdexcept>
#include <utility>

namespace sim {

PlotPlayer::PlotPlayer(const WorldPlan& plan, Instances instances, std::uint64_t seed)
    : instances_(std::move(instances)), world_(seed) {
  apply(plan);
}

std::optional<AgentResult> PlotPlayer::play(const Step& step) {
  return std::visit([&](const auto& what) { return act(what, step.text); }, step.what);
}

void PlotPlayer::write(const std::string& who, const std::string& what) {
  auto& machine = world_.machine();
  machine.trace.write(machine.time.now(), who, what);
}

PlotPlayer::Result PlotPlayer::act(const CallAgent& call, const std::string& text) {
  write("cluster", text);
  auto result = world_.run(call.action, instances_.at(call.instance), call.operation);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(result.took);
  const std::string how = result.timed_out ? "timed out, killed by the cluster"
                          : result.killed  ? "killed"
                                           : code_name(result.code);
  write("cluster", call.action + " " + call.instance + ": " + how + ", exit code " +
                       std::to_string(result.code) + " after " + std::to_string(took.count()) +
                       " ms" + (result.reason.empty() ? "" : ": " + result.reason));
  return result;
}

PlotPlayer::Result PlotPlayer::act(const Pass& pass, const std::string& /*text*/) {
  world_.pass(pass.duration);
  return std::nullopt;
}

PlotPlayer::Result PlotPlayer::act(const SendSignal& send, const std::string& text) {
  const int count = world_.send(send.signal, send.whom, instances_.at(send.instance));
  write("somebody", text + ": " + std::to_string(count) + " processes");
  return std::nullopt;
}

PlotPlayer::Result PlotPlayer::act(const Suspend& suspend, const std::string& text) {
  write("machine", text);
  world_.machine().wall_offset += suspend.duration;
  return std::nullopt;
}

PlotPlayer::Result PlotPlayer::act(const SetClock& set, const std::string& text) {
  write("somebody", text);
  world_.machine().wall_offset += set.by;
  return std::nullopt;
}

PlotPlayer::Result PlotPlayer::act(const Change& change, const std::string& text) {
  write("somebody", "changes " + text);
  apply(change.plan);
  return std::nullopt;
}

void PlotPlayer::apply(const WorldPlan& plan) {
  auto& profile = world_.profile();
  profile.kamailio = plan.kamailio.value_or(profile.kamailio);
  profile.sipsak = plan.sipsak.value_or(profile.sipsak);
  profile.kamctl = plan.kamctl.value_or(profile.kamctl);
  for (const auto& [name, server] : plan.servers) {
    world_.profile_of(instances_.at(name)) = server;
  }
  auto& machine = world_.machine();
  if (plan.weather) {
    machine.sockets.set_weather(*plan.weather);
  }
  for (const auto& file : plan.files) {
    place(file);
  }
  for (const auto& path : plan.without) {
    if (!machine.files.exists(path)) {
      throw std::runtime_error("without: " + path + " is not there anyway");
    }
    machine.files.vanish(path);
  }
  for (const auto& [path, storage] : plan.storages) {
    machine.files.set_storage(path, storage);
  }
  for (const auto& [path, fault] : plan.faults) {
    machine.files.add_fault(path, fault);
  }
}

void PlotPlayer::place(const PlacedFile& file) {
  auto& machine = world_.machine();
  const auto user = machine.users.find_user(file.user);
  const auto group = machine.users.find_group(file.group);
  if (!user || !group) {
    throw std::runtime_error(file.path + ": owner " + file.user + ":" + file.group +
                             " is unknown; there are root and kamailio");
  }
  machine.put_file(file.path, file.text, file.mode, {.user = user->id, .group = *group});
}

PlayedPlot play(const Plot& plot, std::uint64_t seed) {
  PlotPlayer player(plot.world, plot.instances, seed);
  auto& machine = player.world().machine();
  PlayedPlot played{.begin = machine.time.now()};
  for (const auto& step : plot.steps) {
    played.steps.push_back({.text = step.text, .result = player.play(step)});
  }
  played.trace = machine.trace.lines();
  return played;
}

std::string code_name(int code) {
  switch (code) {
    case 0:
      return "success";
    case 1:
      return "generic error";
    case 2:
      return "invalid arguments";
    case 3:
      return "unimplemented";
    case 4:
      return "not permitted";
    case 5:
      return "not installed";
    case 6:
      return "not configured";
    case 7:
      return "not running";
    case 190:
      return "degraded";
    default:
      return "unknown";
  }
}

}  // namespace sim
