#pragma once

#include "agent/agent.h"
#include "agent/host/environment.h"
#include "agent/host/network.h"
#include "agent/host/testing/fake_network.h"
#include "agent/kamailio/testing/fake_host.h"
#include "agent/ocf/outcome.h"
#include "agent/ocf/request.h"
#include "agent/rpc/testing/json_reply.h"
#include "agent/sip/testing/answer.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kamailio::testing {

// A Debian node with Kamailio and its tools, on which the cluster manages the instance p_kam. By
// default everything is installed, nothing runs, and Kamailio starts at once.
class Node : public FakeHost {
 public:
  using Milliseconds = std::chrono::milliseconds;

  static inline const std::string binary = "/usr/sbin/kamailio";
  static inline const std::string sipsak = "/usr/bin/sipsak";
  static inline const std::string kamctl = "/usr/sbin/kamctl";
  static inline const std::string kamctlrc = "/etc/kamailio/kamctlrc";
  static inline const std::string conffile = "/etc/kamailio/kamailio.cfg";
  static inline const std::string pid_directory = "/var/run/kamailio_p_kam";
  static inline const std::string pid_file = pid_directory + "/kamailio.pid";

  // The files without which Kamailio cannot run or be checked, with the parameters that name them.
  struct Software {
    std::string parameter;
    std::string path;
  };
  static inline const std::vector<Software> tools = {
      {"sipsak", sipsak}, {"kamctl", kamctl}, {"kamctlrc", kamctlrc}};
  static inline const std::vector<Software> software = {
      {"binary", binary}, {"sipsak", sipsak}, {"kamctl", kamctl}, {"kamctlrc", kamctlrc}};

  static inline const std::string rpc_socket = "/run/kamailio/kamailio_rpc.sock";

  // Kamailio's reaction to requests.
  enum class Mood {
    answers,
    rejects,    // with 404, as without the route for OPTIONS
    is_silent,  // receives the request and never replies
    is_not_up,  // nobody listens yet
  };

  Node() {
    files.put_program(binary);
    files.put_program(sipsak);
    files.put_program(kamctl);
    files.put(kamctlrc);
    files.put(conffile);
    accounts.add_user("kamailio", {.id = 108, .primary_group = 112});
    accounts.add_group("kamailio", 112);
    accounts.add_group("sip", 200);
    runner.helper(sipsak, [this](const auto& command) { return act_sipsak(command); });
    runner.helper(kamctl, [this](const auto&) { return act_kamctl(); });
    runner.helper(binary, [this](const auto& command) { return act_in_foreground(command); });
    runner.daemon([this](const auto& command) { return act_daemon(command); });
    for (const auto* address : {"127.0.0.1", "192.0.2.1", "::1"}) {
      listens_at(address, 5060);
    }
    put_rpc_server({.kind = host::Endpoint::Kind::unix_datagram, .address = rpc_socket});
  }

  // The cluster's settings.

  Node& set(const std::string& parameter, const std::string& value) {
    environment_["OCF_RESKEY_" + parameter] = value;
    return *this;
  }
  Node& unset(const std::string& parameter) {
    environment_.erase("OCF_RESKEY_" + parameter);
    return *this;
  }
  Node& set_variable(const std::string& name, const std::string& value) {
    environment_[name] = value;
    return *this;
  }
  Node& check_level(int level) { return set_variable("OCF_CHECK_LEVEL", std::to_string(level)); }
  Node& timeout(Milliseconds timeout) {
    return set("CRM_meta_timeout", std::to_string(timeout.count()));
  }
  Node& no_timeout() { return unset("CRM_meta_timeout"); }

  // The state of this node.

  Node& listens_at(const std::string& address, std::uint16_t port) {
    for (const auto kind : {host::Endpoint::Kind::udp, host::Endpoint::Kind::tcp}) {
      put_sip_server({.kind = kind, .address = address, .port = port});
    }
    return *this;
  }

  Node& uninstall(const std::string& path) {
    files.take_away(path);
    return *this;
  }
  Node& uninstall_everything() {
    return uninstall(binary).uninstall(sipsak).uninstall(kamctl).uninstall(kamctlrc).uninstall(
        conffile);
  }
  Node& mood(Mood mood) {
    mood_ = mood;
    return *this;
  }
  Node& mood_after(Milliseconds wait, Mood mood) {
    clock.in(wait, [this, mood] { mood_ = mood; });
    return *this;
  }
  // The reply to OPTIONS over one transport, whatever the mood; "" is no reply.
  Node& answers(host::Endpoint::Kind transport, const std::string& status) {
    statuses_[transport] = status;
    return *this;
  }
  // The delay of the reply to OPTIONS.
  Node& answers_after(Milliseconds wait) {
    answers_after_ = wait;
    return *this;
  }
  // The reply to an RPC method instead of the real one; the result is JSON.
  Node& answers_rpc(const std::string& method, const std::string& result) {
    rpc_results_[method] = result;
    return *this;
  }
  // The error reply to an RPC method.
  Node& refuses_rpc(const std::string& method, const std::string& words) {
    rpc_refusals_[method] = words;
    return *this;
  }
  // A launch ends with this and leaves no process.
  Node& refuses_to_start(int code, const std::string& words) {
    runner.daemon([=](const auto&) -> Performance {
      return {.result = exited(code, "", words), .takes = Milliseconds(10)};
    });
    return *this;
  }
  // The output of "kamailio -c".
  Node& configuration_is_wrong(const std::string& words) {
    configuration_words_ = words;
    return *this;
  }
  // The output of Kamailio when it runs in the foreground.
  Node& fails_in_foreground(const std::string& words) {
    foreground_words_ = words;
    return *this;
  }
  Node& put_pid_file(const std::string& content) {
    files.put_directory(pid_directory);
    files.put(pid_file, {.content = content});
    return *this;
  }

  // Processes. Each function returns the pid, the first of all is 100.

  static host::Process kamailio_process(int pid, int parent) {
    return {.id = {.pid = pid, .start_time = 1000 + static_cast<std::uint64_t>(pid)},
            .parent = parent,
            .arguments = {binary, "-P", pid_file, "-f", conffile},
            .executable = binary};
  }
  int start_process(int parent, Manners manners = {}) {
    processes.add(kamailio_process(next_pid_, parent), manners);
    return next_pid_++;
  }
  // The main process with two children, and its PID file.
  int start_kamailio(Manners manners = {}) {
    main_ = start_process(1, manners);
    known_to_main_ = {main_, start_process(main_, manners), start_process(main_, manners)};
    put_pid_file(std::to_string(main_) + "\n");
    return main_;
  }
  // The leftovers of a killed main process: two children, and the PID file.
  void start_orphans(Manners manners = {}) { processes.end(start_kamailio(manners)); }
  void stop_by_signal(const std::vector<int>& pids) {
    for (const int pid : pids) {
      processes.change_state(pid, host::ProcessState::stopped);
    }
  }
  void end_all_processes() {
    for (const int pid : processes.living()) {
      processes.end(pid);
    }
  }

  // What happens then.

  ocf::Outcome run(const std::string& action) {
    begin_ = clock.now();
    return answer(host(), ocf::parse_request({action}, environment_)).outcome;
  }
  [[nodiscard]] Milliseconds elapsed() const {
    return std::chrono::duration_cast<Milliseconds>(clock.now() - begin_);
  }
  // The pids that got the signal, in order.
  [[nodiscard]] std::vector<int> receivers_of(host::Signal signal) const {
    std::vector<int> pids;
    for (const auto& sent : processes.signals()) {
      if (sent.signal == signal) {
        pids.push_back(sent.pid);
      }
    }
    return pids;
  }
  // The paths of the helpers that were run.
  [[nodiscard]] std::vector<std::string> programs_run() const {
    std::vector<std::string> programs;
    for (const auto& command : runner.ran()) {
      programs.push_back(command.arguments.front());
    }
    return programs;
  }

 private:
  static host::ProcessResult exited(int code, const std::string& out, const std::string& err) {
    return host::Exited{.code = code, .output = {.out = out, .err = err}};
  }

  [[nodiscard]] Mood mood_of_main() {
    const auto main = processes.find(main_);
    if (!main) {
      return Mood::is_not_up;
    }
    return main->state == host::ProcessState::stopped ? Mood::is_silent : mood_;
  }

  void put_sip_server(const host::Endpoint& endpoint) {
    const auto kind = endpoint.kind;
    network.put(endpoint,
                {.on_open =
                     [this](const host::testing::FakeTalk& talk) {
                       if (mood_of_main() == Mood::is_not_up) {
                         talk.end("127.0.0.1:5060: Connection refused");
                       } else {
                         talk.connect();
                       }
                     },
                 .on_bytes =
                     [this, kind](const host::testing::FakeTalk& talk, std::string_view request) {
                       act_sip_server(talk, request, kind);
                     }});
  }

  void act_sip_server(const host::testing::FakeTalk& talk, std::string_view request,
                      host::Endpoint::Kind kind) {
    const auto mood = mood_of_main();
    auto status = mood == Mood::answers   ? std::string("200 Kamailio is alive")
                  : mood == Mood::rejects ? std::string("404 Not here")
                                          : std::string();
    if (statuses_.contains(kind)) {
      status = statuses_[kind];
    }
    if (mood == Mood::is_not_up) {
      talk.end("127.0.0.1:5060: Connection refused");
    } else if (!status.empty()) {
      talk.answer(sip::testing::answer_to(request, status), answers_after_);
    }
  }

  void put_rpc_server(const host::Endpoint& endpoint) {
    network.put(endpoint,
                {.on_bytes = [this](const host::testing::FakeTalk& talk, std::string_view request) {
                  act_rpc_server(talk, request);
                }});
  }

  void act_rpc_server(const host::testing::FakeTalk& talk, std::string_view request) {
    constexpr Milliseconds takes(1);
    const auto mood = mood_of_main();
    if (mood == Mood::is_silent || mood == Mood::is_not_up) {
      return;
    }
    for (const auto& [method, words] : rpc_refusals_) {
      if (request.find(method) != std::string_view::npos) {
        talk.answer(rpc::testing::json_error(request, words), takes);
        return;
      }
    }
    for (const auto& [method, result] : rpc_results_) {
      if (request.find(method) != std::string_view::npos) {
        talk.answer(rpc::testing::json_reply(request, result), takes);
        return;
      }
    }
    const bool is_psx = request.find("core.psx") != std::string_view::npos;
    talk.answer(rpc::testing::json_reply(request, is_psx ? list_of_processes() : "{}"), takes);
  }

  // As core.psx returns it.
  [[nodiscard]] std::string list_of_processes() const {
    std::string list;
    for (const int pid : known_to_main_) {
      list += (list.empty() ? R"({"PID":)" : R"(,{"PID":)") + std::to_string(pid) +
              R"(,"DSC":"worker"})";
    }
    return "[" + list + "]";
  }

  Performance act_sipsak(const host::Command& /*command*/) {
    switch (mood_of_main()) {
      case Mood::answers:
        return {.result = exited(0, "SIP/2.0 200 Kamailio is alive\r\n", ""),
                .takes = Milliseconds(13)};
      case Mood::rejects:
        return {.result = exited(1, "SIP/2.0 404 Not here\r\n", ""), .takes = Milliseconds(13)};
      case Mood::is_silent:
        return {.result = exited(3, "", ""), .takes = Milliseconds(35600)};
      case Mood::is_not_up:
        return {.result = exited(3, "", "send failure: Connection refused\n"),
                .takes = Milliseconds(2)};
    }
    return {};
  }

  Performance act_kamctl() {
    switch (mood_of_main()) {
      case Mood::answers:
      case Mood::rejects:
        return {.result = exited(0, "\x1B[H\x1B[J{\n  up_since: Mon Nov 23\n", ""),
                .takes = Milliseconds(55)};
      case Mood::is_silent:
        return {.takes = std::chrono::hours(1)};
      case Mood::is_not_up:
        return {.result = exited(0, "", "Error opening Kamailio's FIFO /run/x\n"),
                .takes = Milliseconds(40)};
    }
    return {};
  }

  Performance act_in_foreground(const host::Command& command) {
    const bool is_check = command.arguments.at(1) == "-c";
    const std::string& words = is_check ? configuration_words_ : foreground_words_;
    if (is_check && words.empty()) {
      return {.takes = Milliseconds(12)};
    }
    return {.result = exited(255, "", words), .takes = Milliseconds(12)};
  }

  Performance act_daemon(const host::Command& /*command*/) {
    start_kamailio();
    return {.takes = Milliseconds(13)};
  }

  host::Environment environment_ = {{"OCF_ROOT", "/usr/lib/ocf"},
                                    {"OCF_RA_VERSION_MAJOR", "1"},
                                    {"OCF_RA_VERSION_MINOR", "1"},
                                    {"OCF_RESOURCE_INSTANCE", "p_kam"},
                                    {"OCF_RESKEY_CRM_meta_timeout", "30000"},
                                    {"OCF_RESKEY_listen_address", "192.0.2.1"}};
  host::TimePoint begin_ = clock.now();
  Mood mood_ = Mood::answers;
  Milliseconds answers_after_{1};
  std::map<host::Endpoint::Kind, std::string> statuses_;
  std::map<std::string, std::string> rpc_results_ = {
      {"core.uptime", R"({"uptime":90,"up_since":"Mon Nov 23 10:00:00 2026"})"},
      {"core.shmmem", R"({"total":65536,"free":62868})"}};
  std::map<std::string, std::string> rpc_refusals_;
  std::vector<int> known_to_main_;
  std::string configuration_words_;
  std::string foreground_words_;
  int next_pid_ = 100;
  int main_ = 1'000'000;  // an unused pid until there is a main process
};

}  // namespace kamailio::testing
