#include "conformance/bench/bench.h"
#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace bench {
namespace {

std::size_t processes_on_node() {
  std::size_t count = 0;
  for (const auto& entry : live::entries_of("/proc")) {
    if (entry.find_first_not_of("0123456789") == std::string::npos) {
      ++count;
    }
  }
  return count;
}

// Idle processes, which end with the scope. They are not children of this process, whose waits
// would be slower with many children.
class Crowd {
 public:
  Crowd() = default;
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd() {
    for (const int leader : leaders_) {
      ::kill(-leader, SIGKILL);
      ::waitpid(leader, nullptr, 0);
    }
  }

  void grow_to(std::size_t size) {
    const pid_t leader = ::fork();
    must(leader >= 0, "fork failed");
    if (leader == 0) {
      ::setpgid(0, 0);
      for (; size_ + 1 < size && ::fork() != 0; ++size_) {
      }
      ::pause();
      ::_exit(0);
    }
    leaders_.push_back(leader);
    size_ = size;
    must(live::eventually([size] { return processes_on_node() >= size; }), "no crowd");
  }

 private:
  std::vector<int> leaders_;
  std::size_t size_ = 0;
};

}  // namespace

bool compare_scale(int rounds, const std::string& data) {
  constexpr int many = 60;  // of the quick one
  const RunningServer running;
  const auto& server = running.server();
  const cluster::Cluster stock(stock_agent);
  const auto bare_check = bare_probe_of(server);
  const auto own_check = monitor_of(live::agent(), server.builtin);
  const auto stock_check = monitor_of(stock, server.with_sipsak);
  const auto others = processes_on_node();
  Crowd crowd;
  std::string table;
  double first = 0;
  double last = 0;
  for (const std::size_t size : {100U, 300U, 1000U, 2000U, 3500U, 5000U}) {
    crowd.grow_to(size - others);
    std::this_thread::sleep_for(std::chrono::seconds(3));  // until the kernel has removed them
    std::vector<Cost> own;
    std::vector<Cost> bare;
    std::vector<Cost> theirs;
    for (int round = 0; round < rounds; ++round) {
      for (int turn = 0; turn < many; ++turn) {
        own.push_back(cost_of(own_check));
        bare.push_back(cost_of(bare_check));
      }
      theirs.push_back(cost_of(stock_check));
    }
    const double own_ms = in_ms(median(own).wall);
    const double bare_ms = in_ms(median(bare).wall);
    last = own_ms / bare_ms;
    first = first == 0 ? last : first;
    std::array<char, 100> row = {};
    std::snprintf(row.data(), row.size(), "| %9zu | %8.2f | %11.2f | %12.2f |\n",
                  processes_on_node(), own_ms, in_ms(median(theirs).wall), bare_ms);
    table += row.data();
  }
  std::printf(
      "\n### The same among other processes\n\nMedians of %d rounds, in turn: builtin and rpc, and "
      "the stock agent without kamctl.\n\n",
      rounds);
  std::printf(
      "| processes | ocf:sip  | stock agent | bare program |\n"
      "| --------: | -------: | ----------: | -----------: |\n%s",
      table.c_str());
  if (!data.empty()) {
    live::write_file(data, table);
  }
  return report({{"wall time / bare program, with the most / with the fewest processes",
                  last / first, Wanted::at_most, 1.1}});
}

}  // namespace bench
