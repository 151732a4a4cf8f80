#include "sim/actors/kamailio_server.h"

#include "sim/actors/kamailio_rpc.h"
#include "sim/actors/sip_server.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <initializer_list>
#include <map>
#include <utility>
#include <variant>

namespace sim {
namespace {

using Server = std::shared_ptr<const KamailioServer>;
constexpr const char* server_header = "kamailio (5.6.3 (x86_64/linux))";

bool is_deaf(const KamailioServer& server, KamailioProfile::Transport transport) {
  return server.profile.deaf.contains(transport);
}

// The misfortunes of one process, whatever it is busy with: a wait that knows them.
host::TimePoint after(host::TimePoint start, host::Duration duration) {
  return duration == never ? host::TimePoint::max() : start + duration;
}

// Counts what was answered in the current second.
class Budget {
 public:
  explicit Budget(int most_per_second) : most_(most_per_second) {}

  bool allows(host::TimePoint now) {
    if (most_ == 0) {
      return true;
    }
    if (now - second_ >= std::chrono::seconds(1)) {
      second_ = now;
      count_ = 0;
    }
    return ++count_ <= most_;
  }

 private:
  int most_;
  int count_ = 0;
  host::TimePoint second_{};
};

// What every child does at a signal, and while it does nothing else.
struct ChildLife {
  Stage& me;
  Server server;
  host::TimePoint started;

  // False: it has to end.
  [[nodiscard]] Task<bool> handle(GotSignal signal) const {
    if (signal.number != SIGTERM) {
      co_return true;
    }
    co_await me.rest(server->profile.end_takes);
    co_return false;
  }

  [[nodiscard]] bool is_ready() const {
    return me.now() >= after(started, server->profile.ready_after);
  }
};

Task<void> idle(ChildLife life) {
  for (;;) {
    const auto event = co_await life.me.next();
    if (const auto* const signal = std::get_if<GotSignal>(&event)) {
      if (!co_await life.handle(*signal)) {
        co_return;
      }
    }
  }
}

Task<void> receive_datagrams(ChildLife life, Descriptor socket) {
  Budget budget(life.server->profile.most_per_second);
  const bool deaf = is_deaf(*life.server, KamailioProfile::Transport::udp);
  life.me.attend(socket);
  for (;;) {
    const auto event = co_await life.me.next();
    if (const auto* const signal = std::get_if<GotSignal>(&event)) {
      if (!co_await life.handle(*signal)) {
        co_return;
      }
    } else if (const auto* const datagram = std::get_if<GotDatagram>(&event);
               datagram != nullptr && !deaf && life.is_ready() && budget.allows(life.me.now())) {
      co_await answer(life.me, socket, Way::datagram, datagram->bytes, life.server->options(),
                      server_header);
    }
  }
}

// The tcp main process. In Kamailio it hands the connections to the receivers; here it serves them.
Task<void> serve_connections(ChildLife life, std::vector<Descriptor> listeners) {
  Budget budget(life.server->profile.most_per_second);
  const bool deaf = is_deaf(*life.server, KamailioProfile::Transport::tcp);
  std::map<Descriptor, Requests> connections;
  for (const auto listener : listeners) {
    life.me.attend(listener);
  }
  for (;;) {
    const auto event = co_await life.me.next();
    if (const auto* const signal = std::get_if<GotSignal>(&event)) {
      if (!co_await life.handle(*signal)) {
        co_return;
      }
    } else if (const auto* const end = std::get_if<GotEnd>(&event)) {
      connections.erase(end->descriptor);
      life.me.close(end->descriptor);
    } else if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
      auto& requests = connections[bytes->descriptor];
      requests.append(bytes->bytes);
      for (auto request = requests.next(); !request.empty(); request = requests.next()) {
        if (!deaf && life.is_ready() && budget.allows(life.me.now())) {
          co_await answer(life.me, bytes->descriptor, Way::stream, request, life.server->options(),
                          server_header);
        }
      }
    }
  }
}

// Where the processes of the server are written line by line: "PID DESCRIPTION".
std::vector<KamailioProcess> processes_in(std::string_view text) {
  std::vector<KamailioProcess> processes;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    KamailioProcess process;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), process.pid);
    process.description = std::string(line.substr(static_cast<std::size_t>(end - line.data()) + 1));
    processes.push_back(std::move(process));
  }
  return processes;
}

struct RpcLife {
  ChildLife life;
  Descriptor socket;
  Descriptor table;
  std::time_t up_since;
  std::vector<KamailioProcess> processes = {};
  std::map<Descriptor, std::string> streams = {};

  [[nodiscard]] KamailioRpc rpc() const {
    return {.processes = processes,
            .up_since = up_since,
            .now = life.me.wall_time(),
            .free_memory_percent = life.server->profile.free_memory_percent};
  }

  Task<void> reply_through_fifo(JsonRpcReply reply) const {
    const auto fifo = co_await life.me.open_fifo_to_write("/tmp/" + reply.reply_name);
    if (fifo) {
      (void)life.me.send(*fifo, reply.text);
      life.me.close(*fifo);
    }
  }

  Task<void> take(GotBytes bytes) {
    if (bytes.descriptor == table) {
      processes = processes_in(bytes.bytes);
    } else if (bytes.descriptor == socket) {  // the FIFO
      if (const auto reply = answer_json_rpc(rpc(), bytes.bytes); reply && can_hear()) {
        co_await reply_through_fifo(*reply);
      }
    } else if (can_hear()) {
      auto& stream = streams[bytes.descriptor];
      stream += bytes.bytes;
      while (const auto reply = answer_binrpc(rpc(), stream)) {
        (void)life.me.send(bytes.descriptor, *reply);
      }
    }
  }

  [[nodiscard]] bool can_hear() const {
    return !is_deaf(*life.server, KamailioProfile::Transport::rpc) && life.is_ready();
  }
};

Task<void> serve_rpc(RpcLife rpc) {
  auto& me = rpc.life.me;
  me.attend(rpc.socket);
  me.attend(rpc.table);
  for (;;) {
    const auto event = co_await me.next();
    if (const auto* const signal = std::get_if<GotSignal>(&event)) {
      if (!co_await rpc.life.handle(*signal)) {
        co_return;
      }
    } else if (const auto* const datagram = std::get_if<GotDatagram>(&event)) {
      if (const auto reply = answer_json_rpc(rpc.rpc(), datagram->bytes); reply && rpc.can_hear()) {
        (void)me.send(rpc.socket, reply->text);
      }
    } else if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
      co_await rpc.take(*bytes);
    } else if (const auto* const end = std::get_if<GotEnd>(&event)) {
      rpc.streams.erase(end->descriptor);
      me.close(end->descriptor);
    }
  }
}

}  // namespace

Task<int> KamailioMain::run() {
  started_ = me_.now();
  foresee_misfortunes();
  if (const auto refusal = open_sockets()) {
    if (server_->logs_to_stderr()) {
      co_await me_.write(Stream::err, *refusal);
    }
    co_return 255;
  }
  start_children();
  if (report_) {
    (void)me_.send(*report_, "!");
    me_.close(*std::exchange(report_, std::nullopt));
    me_.close(Stream::out);
    me_.close(Stream::err);
  }
  co_return co_await watch();
}

std::optional<std::string> KamailioMain::open_sockets() {
  for (const auto& endpoint : server_->arguments.listeners) {
    const bool is_tcp = endpoint.kind == host::Endpoint::Kind::tcp;
    if (is_tcp && !server_->arguments.has_tcp) {
      continue;
    }
    const auto socket = me_.listen(endpoint);
    if (!socket) {
      return " 0(" + std::to_string(me_.pid()) + ") ERROR: <core> " +
             (is_tcp ? "[core/tcp_main.c:2949]: tcp_init(): bind("
                     : "[core/udp_server.c:602]: udp_init(): bind(") +
             endpoint.address + ":" + std::to_string(endpoint.port) + "): " + socket.error().text +
             "\n";
    }
    me_.ignore(*socket);
    listeners_.push_back({.socket = *socket, .endpoint = endpoint});
  }
  return open_rpc();
}

std::optional<std::string> KamailioMain::open_rpc() {
  const auto& config = server_->config;
  const auto give = [&](const std::string& path) {
    files_.push_back(path);
    if (!server_->arguments.user.empty()) {
      (void)me_.give_file(path, server_->arguments.user, server_->group());
    }
  };
  const auto open = [&](host::Endpoint::Kind kind,
                        const std::string& path) -> std::optional<Descriptor> {
    if (path.empty()) {
      return std::nullopt;
    }
    (void)me_.remove_file(path);
    const auto socket = me_.listen({.kind = kind, .address = path});
    if (!socket) {
      return std::nullopt;
    }
    me_.ignore(*socket);
    give(path);
    return *socket;
  };
  rpc_datagrams_ = open(host::Endpoint::Kind::unix_datagram, config.rpc_datagrams);
  rpc_stream_ = open(host::Endpoint::Kind::unix_stream, config.rpc_stream);
  if (!config.rpc_fifo.empty()) {
    constexpr unsigned mode = 0660;
    (void)me_.remove_file(config.rpc_fifo);
    (void)me_.make_fifo(config.rpc_fifo, mode);
    if (const auto fifo = me_.open_fifo(config.rpc_fifo)) {
      me_.ignore(*fifo);
      rpc_fifo_ = *fifo;
      give(config.rpc_fifo);
    }
  }
  return std::nullopt;
}

void KamailioMain::start_child(const std::string& description, const Child& child) {
  const auto pid = me_.fork(
      [this_server = server_, report = report_, tables = tables_, child](Stage& me) -> Task<int> {
        if (report) {
          me.close(*report);
        }
        for (const auto table : tables) {
          me.close(table);
        }
        me.close(Stream::out);
        me.close(Stream::err);
        me.use_signal(SIGTERM, this_server->profile.at_sigterm == KamailioProfile::AtSigterm::ignore
                                   ? SignalUse::ignored
                                   : SignalUse::handled);
        co_await child(me);
        co_return 0;
      });
  if (pid) {
    processes_.push_back({.pid = *pid, .description = description});
  }
}

void KamailioMain::start_children() {
  const auto& config = server_->config;
  const auto life = [server = server_, started = started_](Stage& me) {
    return ChildLife{.me = me, .server = server, .started = started};
  };
  const auto idle_child = [life](Stage& me) { return idle(life(me)); };
  processes_.push_back({.pid = me_.pid(), .description = "main process - attendant"});
  if (!server_->arguments.user.empty()) {
    (void)me_.become(server_->arguments.user, server_->group());
  }
  std::vector<Descriptor> tcp_listeners;
  for (const auto& [socket, endpoint] : listeners_) {
    if (endpoint.kind == host::Endpoint::Kind::tcp) {
      tcp_listeners.push_back(socket);
      continue;
    }
    for (int child = 0; child < config.children; ++child) {
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
  if (!tcp_listeners.empty()) {
    for (int child = 0; child < config.tcp_children.value_or(config.children); ++child) {
      start_child("tcp receiver (generic) child=" + std::to_string(child), idle_child);
    }
    start_child("tcp main process", [life, tcp_listeners](Stage& me) {
      return serve_connections(life(me), tcp_listeners);
    });
  }
  tell_process_table();
}

void KamailioMain::start_rpc_child(const std::string& description, Descriptor socket) {
  const auto table = me_.make_pipe();
  me_.ignore(table.reading);
  start_child(description, [server = server_, started = started_, socket, table,
                            up_since = me_.wall_time()](Stage& me) {
    me.close(table.writing);
    return serve_rpc({.life = {.me = me, .server = server, .started = started},
                      .socket = socket,
                      .table = table.reading,
                      .up_since = up_since});
  });
  me_.close(table.reading);
  tables_.push_back(table.writing);
}

// Kamailio's children share memory; these are told.
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
  const auto& profile = server_->profile;
  const bool ignores = profile.at_sigterm == KamailioProfile::AtSigterm::ignore;
  for (const int signal : {SIGTERM, SIGINT}) {
    me_.use_signal(signal, ignores ? SignalUse::ignored : SignalUse::handled);
  }
  if (profile.in_kernel == KamailioProfile::InKernel::from_start) {
    me_.enter_kernel(profile.in_kernel_for);
  }
  for (;;) {
    const auto until = misfortunes_.empty() ? host::TimePoint::max() : misfortunes_.front().at;
    const auto event = co_await me_.next(until);
    if (std::holds_alternative<TimeIsUp>(event)) {
      co_await meet_next_misfortune();
    } else if (std::holds_alternative<GotSignal>(event)) {
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
  const auto& profile = server_->profile;
  if (profile.in_kernel == KamailioProfile::InKernel::from_sigterm) {
    me_.enter_kernel(profile.in_kernel_for);
    co_await me_.rest({});
  }
  me_.use_signal(SIGTERM, SignalUse::ignored);
  send_to_children(SIGTERM);
  for (auto left = processes_.size() - 1; left > 0;) {
    const auto event = co_await me_.next();
    left -= std::holds_alternative<ChildEnded>(event) ? 1U : 0U;
  }
  if (profile.at_sigterm == KamailioProfile::AtSigterm::deadlock) {
    for (;;) {
      (void)co_await me_.next();
    }
  }
  for (const auto& path : files_) {
    (void)me_.remove_file(path);
  }
  if (!profile.leaves_pid_file && !server_->arguments.pid_file.empty()) {
    (void)me_.remove_file(server_->arguments.pid_file);
  }
  co_return exit_code;
}

// One by one, as Kamailio does: in the foreground its group is not its own.
void KamailioMain::send_to_children(int signal) {
  for (std::size_t child = 1; child < processes_.size(); ++child) {
    (void)me_.kill(processes_[child].pid, signal);
  }
}

void KamailioMain::foresee_misfortunes() {
  using Kind = Misfortune::Kind;
  const auto& profile = server_->profile;
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
