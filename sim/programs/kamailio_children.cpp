#include "sim/programs/kamailio_children.h"

#include "sim/programs/kamailio_rpc.h"
#include "sim/programs/sip_server.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sim {
namespace {

constexpr const char* server_header = "kamailio (5.6.3 (x86_64/linux))";

host::TimePoint after(host::TimePoint start, host::Duration duration) {
  return duration == never ? host::TimePoint::max() : start + duration;
}

// "OPTIONS sip:monitor@127.0.0.1 SIP/2.0"
SipBehaviour behaviour_towards(const KamailioServer& server, std::string_view over,
                               std::string_view request) {
  if (server.profile->options) {
    return *server.profile->options;
  }
  const auto line = request.substr(0, request.find('\r'));
  const auto begin = std::min(line.find(' '), line.size() - 1) + 1;
  const std::string uri(line.substr(begin, line.find(' ', begin) - begin));
  const auto& answers = server.profile->answers;
  const auto found = std::ranges::find_if(answers, [&](const SipAnswer& answer) {
    return fnmatch(answer.to.c_str(), uri.c_str(), 0) == 0 &&
           (answer.over.empty() || answer.over == over);
  });
  SipBehaviour behaviour{.replies = {}};
  if (found != answers.end()) {
    behaviour.replies.push_back(found->reply);
  }
  return behaviour;
}

// Counts the replies of the current second.
class Budget {
 public:
  // At most that many, 0: all.
  bool allows(int most_per_second, host::TimePoint now) {
    if (most_per_second == 0) {
      return true;
    }
    if (now - second_ >= std::chrono::seconds(1)) {
      second_ = now;
      count_ = 0;
    }
    return ++count_ <= most_per_second;
  }

 private:
  int count_ = 0;
  host::TimePoint second_{};
};

}  // namespace

Task<bool> ChildLife::handle(GotSignal signal) const {
  const bool is_ignored = server->profile->at_sigterm == KamailioProfile::AtSigterm::ignore;
  if (is_ignored || (signal.number != SIGTERM && signal.number != SIGINT)) {
    co_return true;
  }
  co_await me.rest(server->profile->end_takes);
  co_return false;
}

bool ChildLife::hears(KamailioProfile::Transport transport) const {
  const auto& profile = *server->profile;
  return !profile.deaf.contains(transport) && me.now() >= after(started, profile.ready_after);
}

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
  Budget budget;
  int count = 0;  // of requests
  life.me.attend(socket);
  for (;;) {
    const auto event = co_await life.me.next();
    if (const auto* const signal = std::get_if<GotSignal>(&event)) {
      if (!co_await life.handle(*signal)) {
        co_return;
      }
    } else if (const auto* const datagram = std::get_if<GotDatagram>(&event);
               datagram != nullptr && life.hears(KamailioProfile::Transport::udp) &&
               budget.allows(life.server->profile->most_per_second, life.me.now())) {
      (void)co_await answer(life.me, socket, Way::datagram, datagram->bytes, count++,
                            behaviour_towards(*life.server, "udp", datagram->bytes), server_header);
    }
  }
}

namespace {

// The TCP main process. In Kamailio it passes the connections to the receivers; here it serves
// them.
class TcpMain {
 public:
  explicit TcpMain(ChildLife life) : life_(std::move(life)) {}

  Task<void> serve(std::vector<Descriptor> listeners) {
    for (const auto listener : listeners) {
      life_.me.attend(listener);
    }
    for (;;) {
      const auto event = co_await life_.me.next();
      if (const auto* const signal = std::get_if<GotSignal>(&event)) {
        if (!co_await life_.handle(*signal)) {
          co_return;
        }
      } else if (const auto* const end = std::get_if<GotEnd>(&event)) {
        connections_.erase(end->descriptor);
        life_.me.close(end->descriptor);
      } else if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
        co_await take(*bytes);
      }
    }
  }

 private:
  Task<void> take(GotBytes bytes) {
    auto& requests = connections_[bytes.descriptor];
    requests.append(bytes.bytes);
    for (auto request = requests.next(); !request.empty(); request = requests.next()) {
      if (!may_answer()) {
        continue;
      }
      const bool is_open =
          co_await answer(life_.me, bytes.descriptor, Way::stream, request, count_++,
                          behaviour_towards(*life_.server, "tcp", request), server_header);
      if (!is_open) {
        connections_.erase(bytes.descriptor);
        co_return;
      }
    }
  }

  [[nodiscard]] bool may_answer() {
    return life_.hears(KamailioProfile::Transport::tcp) &&
           budget_.allows(life_.server->profile->most_per_second, life_.me.now());
  }

  ChildLife life_;
  Budget budget_;
  int count_ = 0;  // of requests
  std::map<Descriptor, Requests> connections_;
};

}  // namespace

Task<void> serve_connections(ChildLife life, std::vector<Descriptor> listeners) {
  TcpMain main(std::move(life));
  co_await main.serve(std::move(listeners));
}

namespace {

// The list of the server's processes, one line each: "PID DESCRIPTION".
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
  std::time_t up_since = 0;
  std::vector<KamailioProcess> processes = {};
  std::map<Descriptor, std::string> streams = {};

  [[nodiscard]] KamailioRpc rpc() const {
    return {.processes = processes,
            .up_since = up_since,
            .now = life.me.wall_time(),
            .free_memory_percent = life.server->profile->free_memory_percent};
  }

  // The client may have ended, so the write is tried only for a moment.
  Task<void> reply_through_fifo(JsonRpcReply reply) const {
    constexpr int most_tries = 5;
    constexpr auto between = std::chrono::milliseconds(80);
    for (int i = 0; i < most_tries; ++i) {
      if (const auto fifo = life.me.open_read_fifo("/tmp/" + reply.reply_name)) {
        (void)life.me.send(*fifo, reply.text);
        life.me.close(*fifo);
        co_return;
      }
      co_await life.me.rest(between);
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

  [[nodiscard]] bool can_hear() const { return life.hears(KamailioProfile::Transport::rpc); }
};

Task<void> serve(RpcLife rpc) {
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

Task<void> serve_rpc(ChildLife life, Descriptor socket, Descriptor table, std::time_t up_since) {
  const RpcLife rpc{
      .life = std::move(life), .socket = socket, .table = table, .up_since = up_since};
  co_await serve(rpc);
}

}  // namespace sim
