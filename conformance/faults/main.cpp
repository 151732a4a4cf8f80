// agent_faults list | play [SECONDS]
//
// Makes each system call of an agent fail once. It runs on a node of its own; ci/faults calls it.
//   list   prints a name for each fault; fails if the agent does not even keep the rules without
//   one play   reads names of faults, plays them, and prints a line for each
// The agent is $AGENT, or the one that was built. With $FAULTS_UNTIL, a time in seconds since the
// epoch, play leaves out what is not begun by then.

#include "conformance/faults/fault.h"
#include "conformance/faults/hold.h"
#include "conformance/faults/sweep.h"
#include "conformance/live/node.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

std::string rules_in(const faults::Run& run) {
  std::string names;
  for (const auto rule : run.broken) {
    names += (names.empty() ? "" : ",") + name_of(rule);
  }
  return names;
}

std::string shortened(const std::string& text) {
  constexpr std::size_t enough = 60;
  return text.size() <= enough ? text : text.substr(0, enough) + "...";
}

std::string with_reason(const cluster::Result& result) {
  return "exit " + std::to_string(result.code) +
         (result.reason.empty() ? ", no reason" : " \"" + result.reason + "\"");
}

std::string what_happened(const faults::Run& run) {
  const auto& [result, lives, left_by_stop, hurt, next_stop, left] = run.seen;
  std::string text = result.timed_out     ? "timed out"
                     : result.signal != 0 ? "died of signal " + std::to_string(result.signal)
                                          : with_reason(result);
  text += lives ? ", the instance lives" : ", the instance does not live";
  text += left_by_stop.empty() ? "" : ", left: " + shortened(left_by_stop);
  for (const auto& bystander : hurt) {
    text += ", hurt: " + bystander;
  }
  if (next_stop.code != 0) {
    text += ", next stop: " + with_reason(next_stop);
  }
  return text + (left.empty() ? "" : ", left by the next stop: " + shortened(left));
}

std::size_t calls_in(const faults::Trace& trace) {
  std::size_t count = 0;
  for (const auto& process : trace) {
    count += process.calls.size();
  }
  return count;
}

// The run with the fewest calls: additional calls of other runs only wait and retry, and a fault
// must be reached in every run.
int list(faults::Sweep& sweep) {
  bool all_passed = true;
  for (const auto& swept : sweep.cases()) {
    std::optional<faults::Trace> shortest;
    for (int i = 0; i < 3; ++i) {
      auto [run, trace] = sweep.count(swept);
      if (!run.broken.empty()) {
        all_passed = false;
        std::cerr << "FAILED " << swept.name << " without a fault (" << rules_in(run)
                  << "): " << what_happened(run) << "\n";
      }
      if (!shortest || calls_in(trace) < calls_in(*shortest)) {
        shortest = std::move(trace);
      }
    }
    for (const auto& fault : faults_in(swept.name, *shortest)) {
      std::cout << name_of(fault) << "\n";
    }
  }
  return all_passed ? 0 : 1;
}

int play(faults::Sweep& sweep, std::chrono::seconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  int status = 0;
  for (std::string name; std::getline(std::cin, name);) {
    const auto fault = faults::fault_named(name);
    const auto* const swept = fault ? sweep.case_named(fault->case_name) : nullptr;
    if (swept == nullptr) {
      std::cerr << (fault ? "unknown case in " + name : fault.error().text) << "\n";
      return 2;
    }
    if (std::chrono::steady_clock::now() >= end) {
      std::cout << "unplayed " << name << std::endl;
      continue;
    }
    const auto run = sweep.play(*swept, *fault);
    if (!run.broken.empty()) {
      status = 1;
      std::cout << "FAILED " << name << " (" << rules_in(run) << "): " << what_happened(run) << "; "
                << (run.call.empty() ? "the call was not made" : run.call) << "; again: ci/faults "
                << name << std::endl;
    } else {
      std::cout << (run.call.empty() ? "unreached " : "passed ") << name << std::endl;
    }
  }
  return status;
}

// --hold PROCESS TRACER... -- AGENT...: runs the agent, and attaches the tracer to one of its
// processes. Ends with the agent's status.
int hold(const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  const std::vector<std::string> agent(end + 1, arguments.end());
  const int status = faults::run_and_hold(agent, arguments.front(), [&](pid_t pid) {
    std::vector<std::string> tracer(arguments.begin() + 1, end);
    tracer.insert(tracer.end(), {"-p", std::to_string(pid)});
    live::start_program(tracer);
    const auto is_traced = [&] {
      const auto text = live::read_file("/proc/" + std::to_string(pid) + "/status");
      return text.find("TracerPid:\t0\n") == std::string::npos;
    };
    [[maybe_unused]] const bool attached = live::eventually(is_traced);
    ::kill(pid, SIGCONT);
  });
  if (WIFSIGNALED(status)) {
    std::raise(WTERMSIG(status));
  }
  return WEXITSTATUS(status);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string command = arguments.empty() ? "" : arguments.front();
  if (command == "--hold" && std::ranges::find(arguments, "--") != arguments.end() &&
      arguments.size() > 3) {
    return hold({arguments.begin() + 1, arguments.end()});
  }
  const bool is_list = command == "list" && arguments.size() == 1;
  const bool is_play = command == "play" && arguments.size() <= 2;
  if (!is_list && !is_play) {
    std::cerr << "usage: agent_faults list | play [SECONDS], on a node made by ci/in-node\n";
    return 2;
  }
  faults::Sweep sweep(live::agent().agent(), std::filesystem::canonical("/proc/self/exe"));
  if (is_list) {
    return list(sweep);
  }
  return play(sweep, arguments.size() == 2 ? std::chrono::seconds(std::stoi(arguments[1])) : 24h);
} catch (const std::exception& error) {
  std::cerr << "agent_faults: " << error.what() << "\n";
  return 2;
}
