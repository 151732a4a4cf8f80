#include "conformance/bench/bench.h"
#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {
namespace {

// Runs one agent, or the bare programs, through start, monitor, stop and meta-data.
struct Life {
  std::string name;
  std::function<void()> start, monitor, stop, metadata;
  std::vector<Cost> starts = {}, monitors = {}, stops = {}, metadatas = {};
};

Life life_of(const std::string& name, const cluster::Cluster& agent,
             const cluster::Resource& resource) {
  const auto run = [&agent, &resource](const char* action) {
    return [&agent, &resource, action] {
      const auto result =
          agent.run(resource, {.action = action, .timeout = std::chrono::seconds(60)});
      must(result.code == 0, agent.agent() + " " + action + ": " + result.err);
    };
  };
  return {.name = name,
          .start = run("start"),
          .monitor = run("monitor"),
          .stop = run("stop"),
          .metadata = run("meta-data")};
}

void run_side_by_side(const std::vector<std::vector<std::string>>& programs) {
  for (const auto& program : programs) {
    live::start_program(program);
  }
  for (std::size_t i = 0; i < programs.size(); ++i) {
    int status = 0;
    ::wait(&status);
    must(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a tool failed");
  }
}

Life bare_life(const cluster::Resource& resource, bool with_kamctl) {
  const std::string port = resource.parameters.at("port");
  const std::string pid_file = "/run/bare.pid";
  const auto sipsak = [port](const char* transport) {
    return std::vector<std::string>{
        "/usr/bin/sipsak", "-v",          "-s",     "sip:monitor@127.0.0.1:" + port, "-H",
        "localhost",       "--transport", transport};
  };
  std::vector<std::vector<std::string>> tools = {sipsak("udp"), sipsak("tcp")};
  if (with_kamctl) {
    tools.push_back({"/usr/sbin/kamctl", "monitor", "1"});
  }
  const std::vector<std::string> daemon = {"/usr/sbin/kamailio",
                                           "-P",
                                           pid_file,
                                           "-f",
                                           resource.parameters.at("conffile"),
                                           "-l",
                                           "udp:127.0.0.1:" + port,
                                           "-l",
                                           "tcp:127.0.0.1:" + port};
  return {.name = "bare programs",
          .start = [daemon] { must(live::run_program(daemon) == 0, "kamailio did not start"); },
          .monitor = [tools] { run_side_by_side(tools); },
          .stop =
              [resource, pid_file] {
                const auto bare = resource.with("pidfile", pid_file);
                live::signal_all(bare, SIGTERM);
                must(live::eventually([&] { return live::processes_of(bare).empty(); }),
                     "kamailio did not end");
              },
          .metadata = [] { must(live::run_program({"/bin/true"}) == 0, "/bin/true failed"); }};
}

void print_row(const std::string& what, const std::string& who, const std::vector<Cost>& costs,
               const std::vector<Cost>& reference) {
  const auto cost = median(costs);
  const auto ratio = static_cast<double>(median(reference).wall.count()) /
                     static_cast<double>(std::max<long>(cost.wall.count(), 1));
  std::printf("| %-10s | %-13s | %9.2f | %9.2f | %9d | %7.2f |\n", what.c_str(), who.c_str(),
              static_cast<double>(cost.wall.count()) / 1000,
              static_cast<double>(cost.cpu.count()) / 1000, cost.processes, ratio);
}

void compare(const std::string& title, std::vector<Life> lives, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (auto& life : lives) {
      life.starts.push_back(cost_of(life.start));
      for (int i = 0; i < 3; ++i) {
        life.monitors.push_back(cost_of(life.monitor));
        life.metadatas.push_back(cost_of(life.metadata));
      }
      life.stops.push_back(cost_of(life.stop));
    }
  }
  std::printf("\n### %s\n\nMedians of %d rounds, in turn.\n\n", title.c_str(), rounds);
  std::printf("| %-10s | %-13s | %9s | %9s | %9s | %7s |\n", "action", "who", "wall ms", "CPU ms",
              "processes", "stock/x");
  std::printf("|------------|---------------|----------:|----------:|----------:|--------:|\n");
  const auto& stock = lives.back();
  for (const auto& [what, costs] :
       {std::pair{"start", &Life::starts}, std::pair{"monitor", &Life::monitors},
        std::pair{"stop", &Life::stops}, std::pair{"meta-data", &Life::metadatas}}) {
    for (const auto& life : lives) {
      print_row(what, life.name, life.*costs, stock.*costs);
    }
  }
}

}  // namespace

void compare_lives(int rounds) {
  const cluster::Cluster stock(stock_agent);
  {
    const auto resource = live::make_resource("p_kam", 5060).with("proto", "udptcp");
    compare("Without kamctl (kamctlrc empty), proto=udptcp",
            {bare_life(resource, false), life_of("ocf:sip", live::agent(), resource),
             life_of("stock agent", stock, resource)},
            rounds);
  }
  {
    const auto resource = live::make_resource_with_kamctl("p_kam", 5060);
    compare("With kamctl, proto=udptcp",
            {bare_life(resource, true), life_of("ocf:sip", live::agent(), resource),
             life_of("stock agent", stock, resource)},
            rounds);
  }
  std::printf(
      "\nBare programs: kamailio itself from launch to exit of the launcher; sipsak over UDP and "
      "TCP\n"
      "(and kamctl) side by side; SIGTERM until the last process is gone; /bin/true. CPU and "
      "processes\n"
      "of the daemon itself are not counted, except those of its launch.\n");
}

}  // namespace bench
