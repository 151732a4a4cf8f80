#include "sim/programs/kamailio_server.h"

#include "sim/programs/kamailio_children.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <initializer_list>
#include <utility>
#include <variant>

namespace sim {
int KamailioServer::processes() const {
  constexpr int main_process = 1;
  constexpr int timers = 3;
  const int udp = listeners_of(host::Endpoint::Kind::udp) * config.children;
  const int tcp = listeners_of(host::Endpoint::Kind::tcp) > 0 ? tcp_children() : 0;
  const int tcp_main = arguments.has_tcp ? 1 : 0;
  int rpc = 0;
  for (const auto* const path : {&config.rpc_fifo, &config.rpc_datagrams, &config.rpc_stream}) {
    rpc += path->empty() ? 0 : 1;
  }
  return main_process + udp + timers + rpc + tcp + tcp_main;
}

Task<int> KamailioMain::run() {
  started_ = me_.now();
  foresee_misfortunes();
  use_signals();
  const bool says_it = server_->logs_to_stderr();
  if (const auto refusal = open_rpc()) {
    if (says_it) {
      co_await me_.write(Stream::err, *refusal);
    }
    remove_pid_file();
    co_return 255;
  }
  if (says_it) {
    co_await me_.write(
        Stream::err,
        core_message(me_, "INFO",
                     "[main.c:3055]: main(): processes (at least): " +
                         std::to_string(server_->processes()) + " - shm size: " +
                         std::to_string(server_->shared_memory * KamailioServer::megabyte) +
                         " - pkg size: " +
                         std::to_string(server_->private_memory * KamailioServer::megabyte)));
  }
  for (const auto kind : {host::Endpoint::Kind::tcp, host::Endpoint::Kind::udp}) {
    if (const auto refusal = open_sockets(kind)) {
      if (says_it) {
        co_await me_.write(Stream::err, core_message(me_, "ERROR", *refusal));
      }
      remove_files();
      co_return 255;
    }
  }
  give_up_root();
  start_children();
  if (lacks_a_child_) {
    if (says_it) {
      co_await me_.write(Stream::err,
                         core_message(me_, "CRITICAL", "[main.c:1708]: main_loop(): Cannot fork"));
    }
    remove_files();
    co_return 255;
  }
  if (report_) {
    (void)me_.send(*report_, KamailioServer::initialised);
    me_.close(*std::exchange(report_, std::nullopt));
    me_.close(Stream::out);
    if (!says_it) {
      me_.close(Stream::err);
    }
  }
  co_return co_await watch();
}

// Applies to all processes of the server, which inherit it.
void KamailioMain::use_signals() {
  for (const int signal : {SIGTERM, SIGINT}) {
    me_.use_signal(signal, SignalUse::handled);
  }
  for (const int signal : {SIGHUP, SIGPIPE, SIGUSR1, SIGUSR2}) {
    me_.use_signal(signal, SignalUse::ignored);
  }
}

void KamailioMain::give_up_root() {
  const auto& user = server_->arguments.user;
  if (!user.empty() && user != "root") {
    (void)me_.become(user, server_->arguments.group);
  }
}

std::optional<std::string> KamailioMain::open_sockets(host::Endpoint::Kind kind) {
  const bool is_tcp = kind == host::Endpoint::Kind::tcp;
  for (const auto& listener : server_->listeners) {
    const auto& endpoint = listener.endpoint;
    if (endpoint.kind != kind) {
      continue;
    }
    const auto socket = me_.listen(endpoint);
    if (!socket) {
      return (is_tcp
                  ? "[core/tcp_main.c:3158]: tcp_init(): bind() on " + endpoint.address + ":" +
                        std::to_string(endpoint.port) + " : "
                  : "[core/udp_server.c:602]: udp_init(): bind() on " + endpoint.address + ": ") +
             socket.error().text;
    }
    me_.ignore(*socket);
    if (is_tcp) {
      tcp_sockets_.push_back(*socket);
    } else {
      udp_sockets_.push_back({.socket = *socket, .endpoint = endpoint});
    }
  }
  return std::nullopt;
}

// Files that jsonrpcs creates before the server drops root belong to root. ctl changes the owner of
// its socket to the configured user and group, even if the server is already that user and not in
// the group.
std::optional<std::string> KamailioMain::open_rpc() {
  constexpr unsigned of_ctl = 0600;
  constexpr unsigned of_jsonrpcs = 0660;
  const auto& config = server_->config;
  const auto& user = server_->arguments.user;
  rpc_stream_ = open_rpc_socket(host::Endpoint::Kind::unix_stream, config.rpc_stream, of_ctl);
  if (rpc_stream_ && !user.empty() &&
      !me_.give_file(config.rpc_stream, user, server_->arguments.group)) {
    return refusal_of_ctl();
  }
  rpc_datagrams_ =
      open_rpc_socket(host::Endpoint::Kind::unix_datagram, config.rpc_datagrams, of_jsonrpcs);
  if (config.rpc_fifo.empty()) {
    return std::nullopt;
  }
  (void)me_.remove_file(config.rpc_fifo);
  (void)me_.make_fifo(config.rpc_fifo, of_jsonrpcs);
  (void)me_.set_mode(config.rpc_fifo, of_jsonrpcs);
  if (const auto fifo = me_.open_fifo(config.rpc_fifo)) {
    me_.ignore(*fifo);
    rpc_fifo_ = *fifo;
    files_.push_back(config.rpc_fifo);
  }
  return std::nullopt;
}

std::string KamailioMain::refusal_of_ctl() const {
  const auto& arguments = server_->arguments;
  const auto of_ctl = " 0(" + std::to_string(me_.pid()) + ") ERROR: ctl ";
  return of_ctl +
         "[init_socks.c:158]: init_unix_sock(): ERROR: init_unix_sock: failed to change the "
         "owner/group for " +
         server_->config.rpc_stream + " to " + arguments.user + "." + arguments.group +
         ": Operation not permitted[1]\n" + of_ctl +
         "[ctl.c:263]: mod_init(): ERROR: ctl: mod_init: init ctrl. sockets failed\n" +
         core_message(me_, "ERROR",
                      "[core/sr_module.c:945]: init_mod(): Error while initializing module ctl "
                      "(/usr/lib/x86_64-linux-gnu/kamailio/modules/ctl.so)") +
         "ERROR: error while initializing modules\n";
}

std::optional<Descriptor> KamailioMain::open_rpc_socket(host::Endpoint::Kind kind,
                                                        const std::string& path, unsigned mode) {
  if (path.empty()) {
    return std::nullopt;
  }
  (void)me_.remove_file(path);
  const auto socket = me_.listen({.kind = kind, .address = path});
  if (!socket) {
    return std::nullopt;
  }
  me_.ignore(*socket);
  (void)me_.set_mode(path, mode);
  files_.push_back(path);
  return *socket;
}

void KamailioMain::start_child(const std::string& description, const Child& child) {
  const auto pid =
      me_.fork([server = server_, report = report_, tables = tables_, others = tcp_sockets_,
                is_first = processes_.size() == 1, child](Stage& me) -> Task<int> {
        if (report) {
          me.close(*report);
        }
        for (const auto table : tables) {
          me.close(table);
        }
        for (const auto socket : others) {
          me.close(socket);
        }
        me.close(Stream::out);
        if (!server->logs_to_stderr()) {
          me.close(Stream::err);
        }
        if (const auto& error = server->profile->child_error; is_first && !error.empty()) {
          if (server->logs_to_stderr()) {
            co_await me.write(Stream::err, error + "\n");
          }
          co_return 255;
        }
        co_await child(me);
        co_return 0;
      });
  if (pid) {
    processes_.push_back({.pid = *pid, .description = description});
  }
  lacks_a_child_ |= !pid;
}

void KamailioMain::start_children() {
  const auto life = [server = server_, started = started_](Stage& me) {
    return ChildLife{.me = me, .server = server, .started = started};
  };
  const auto idle_child = [life](Stage& me) { return idle(life(me)); };
  processes_.push_back({.pid = me_.pid(), .description = "main process - attendant"});
  for (const auto& [socket, endpoint] : udp_sockets_) {
    for (int child = 0; child < server_->config.children; ++child) {
      start_child(
          "udp receiver child=" + std::to_string(child) + " sock=" + endpoint.address + ":" +
              std::to_string(endpoint.port),
          [life, socket = socket](Stage& me) { return receive_datagrams(life(me), socket); });
    }
  }
  for (const auto* const timer : {"slow timer", "timer", "secondary timer"}) {
    start_child(timer, idle_child);
  }
  if (rpc_fifo_) {
    start_rpc_child("JSONRPCS FIFO", *rpc_fifo_);
  }
  if (rpc_datagrams_) {
    start_rpc_child("JSONRPCS DATAGRAM", *rpc_datagrams_);
  }
  if (rpc_stream_) {
    start_rpc_child("ctl handler", *rpc_stream_);
  }
  const int receivers = tcp_sockets_.empty() ? 0 : server_->tcp_children();
  for (int child = 0; child < receivers; ++child) {
    start_child("tcp receiver (generic) child=" + std::to_string(child), idle_child);
  }
  if (server_->arguments.has_tcp) {
    const auto sockets = std::exchange(tcp_sockets_, {});
    start_child("tcp main process",
                [life, sockets](Stage& me) { return serve_connections(life(me), sockets); });
    for (const auto socket : sockets) {
      me_.close(socket);
    }
  }
  tell_process_table();
}

void KamailioMain::start_rpc_child(const std::string& description, Descriptor socket) {
  const auto table = me_.make_pipe();
  me_.ignore(table.reading);
  start_child(description, [server = server_, started = started_, socket, table,
                            up_since = me_.wall_time()](Stage& me) {
    me.close(table.writing);
    return serve_rpc({.me = me, .server = server, .started = started}, socket, table.reading,
                     up_since);
  });
  me_.close(table.reading);
  tables_.push_back(table.writing);
}

// Kamailio's children share memory; these get messages.
void KamailioMain::tell_process_table() {
  std::string text;
  for (const auto& [pid, description] : processes_) {
    text += std::to_string(pid) + " " + description + "\n";
  }
  for (const auto table : tables_) {
    (void)me_.send(table, text);
  }
}

Task<int> KamailioMain::watch() {
  const auto& profile = *server_->profile;
  if (profile.in_kernel == KamailioProfile::InKernel::from_start) {
    me_.enter_kernel(profile.in_kernel_for);
  }
  for (;;) {
    const auto until = misfortunes_.empty() ? host::TimePoint::max() : misfortunes_.front().at;
    const auto event = co_await me_.next(until);
    if (std::holds_alternative<TimeIsUp>(event)) {
      co_await meet_next_misfortune();
    } else if (std::holds_alternative<GotSignal>(event)) {
      if (profile.at_sigterm == KamailioProfile::AtSigterm::ignore) {
        continue;
      }
      if (server_->logs_to_stderr()) {
        co_await me_.write(Stream::err,
                           core_message(me_, "NOTICE",
                                        "[main.c:733]: handle_sigs(): Thank you for flying "
                                        "kamailio!!!"));
      }
      co_return co_await shut_down(0);
    } else if (const auto* const child = std::get_if<ChildEnded>(&event)) {
      std::erase_if(processes_,
                    [&](const KamailioProcess& process) { return process.pid == child->pid; });
      const int exit_code = child->exit_code.value_or(1) == 0 ? 0 : 1;
      co_return co_await shut_down(exit_code);
    }
  }
}

Task<int> KamailioMain::shut_down(int exit_code) {
  const auto& profile = *server_->profile;
  if (profile.in_kernel == KamailioProfile::InKernel::from_sigterm) {
    me_.enter_kernel(profile.in_kernel_for);
    co_await me_.rest({});
  }
  me_.use_signal(SIGTERM, SignalUse::ignored);
  send_to_children(SIGTERM);
  const auto patience = me_.now() + server_->config.exit_timeout;
  for (auto left = processes_.size() - 1; left > 0;) {
    const auto event = co_await me_.next(patience);
    left -= std::holds_alternative<ChildEnded>(event) ? 1U : 0U;
    if (std::holds_alternative<TimeIsUp>(event)) {
      constexpr int own_group = 0;
      (void)me_.kill(own_group, SIGKILL);  // which ends this process, too
      co_await me_.rest({});
    }
  }
  if (profile.at_sigterm == KamailioProfile::AtSigterm::deadlock) {
    for (;;) {
      (void)co_await me_.next();
    }
  }
  remove_files();
  co_return exit_code;
}

void KamailioMain::remove_files() {
  for (const auto& path : files_) {
    (void)me_.remove_file(path);
  }
  if (!server_->profile->leaves_pid_file) {
    remove_pid_file();
  }
}

void KamailioMain::remove_pid_file() {
  if (!server_->arguments.pid_file.empty()) {
    (void)me_.remove_file(server_->arguments.pid_file);
  }
}

// Signals each child separately, as Kamailio does: in the foreground the group is not its own.
void KamailioMain::send_to_children(int signal) {
  for (std::size_t child = 1; child < processes_.size(); ++child) {
    (void)me_.kill(processes_[child].pid, signal);
  }
}

void KamailioMain::foresee_misfortunes() {
  using Kind = Misfortune::Kind;
  const auto& profile = *server_->profile;
  const auto crash_after =
      profile.crash == KamailioProfile::Crash::as_daemon ? profile.crash_after : never;
  const std::initializer_list<std::pair<host::Duration, Kind>> possible = {
      {crash_after, Kind::crash},
      {profile.main_dies_after, Kind::main_dies},
      {profile.child_dies_after, Kind::child_dies},
      {profile.freezes_after, Kind::freezes}};
  for (const auto& [duration, kind] : possible) {
    if (duration != never) {
      misfortunes_.push_back({.at = started_ + duration, .kind = kind});
    }
  }
  std::ranges::stable_sort(misfortunes_, {}, &Misfortune::at);
}

Task<void> KamailioMain::meet_next_misfortune() {
  const auto kind = misfortunes_.front().kind;
  misfortunes_.erase(misfortunes_.begin());
  switch (kind) {
    case Misfortune::Kind::crash:
      send_to_children(SIGKILL);
      co_await me_.die(SIGKILL);
      break;
    case Misfortune::Kind::main_dies:
      co_await me_.die(SIGKILL);
      break;
    case Misfortune::Kind::child_dies:
      (void)me_.kill(processes_.at(1).pid, SIGKILL);
      break;
    case Misfortune::Kind::freezes:
      send_to_children(SIGSTOP);
      (void)me_.kill(me_.pid(), SIGSTOP);
      break;
  }
  co_await me_.rest({});
}

}  // namespace sim
