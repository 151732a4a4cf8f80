#include "sim/actors/kamctl.h"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sim {
namespace {

constexpr int no_fifo = 2;

// What it reads is shell; of that, an assignment.
std::string assigned(std::string_view text, std::string_view name) {
  const std::string start = std::string(name) + "=";
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(start)) {
      line.remove_prefix(start.size());
      if (line.size() > 1 && line.front() == '"') {
        line = line.substr(1, line.size() - 2);
      }
      return std::string(line);
    }
  }
  return {};
}

class Kamctl {
 public:
  Kamctl(Stage& me, KamctlProfile profile) : me_(me), profile_(profile) {}

  Task<int> run() {
    if (me_.arguments().size() < 2 || me_.arguments()[1] != "monitor") {
      co_await me_.write(Stream::err, "kamctl: only \"monitor\" is known here\n");
      co_return 1;
    }
    co_await me_.rest(profile_.takes);
    if (profile_.ill == KamctlProfile::Ill::hangs) {
      for (;;) {
        (void)co_await me_.next();
      }
    }
    if (profile_.ill == KamctlProfile::Ill::garbage) {
      co_await me_.write(Stream::out, "\x1B[H\x1B[2J\xFF\xFE?\n");
      co_return 0;
    }
    co_return co_await monitor();
  }

 private:
  Task<int> monitor() {
    const std::string fifo = fifo_path();
    co_await me_.write(Stream::out,
                       "\x1B[H\x1B[2J[cycle #: 1; if constant make sure server lives]\n"
                       "Kamailio Runtime Details: \n");
    const auto status = me_.file(fifo);
    if (!status || status->type != StageFile::Type::fifo) {
      // It says so for each call, and goes on.
      co_await me_.write(Stream::err, "ERROR: Error opening Kamailio's FIFO " + fifo +
                                          "\nERROR: Make sure you have loaded the jsonrpcs module "
                                          "and set FIFO transport parameters\n");
      co_return 0;
    }
    const std::string reply = co_await call(fifo, "core.uptime");
    co_await me_.write(Stream::out, lines_of(reply));
    co_return 0;
  }

  // The places where it looks for its configuration, in this order.
  [[nodiscard]] std::string fifo_path() {
    for (const std::string& path : {std::string("/etc/kamailio/kamctlrc"),
                                    me_.variable("HOME").value_or("") + "/.kamctlrc"}) {
      if (const auto text = me_.read_file(path)) {
        if (auto fifo = assigned(*text, "RPCFIFOPATH"); !fifo.empty()) {
          return fifo;
        }
      }
    }
    const std::string other = "/var/run/kamailio/kamailio_rpc.fifo";
    return me_.file(other) ? other : "/run/kamailio/kamailio_rpc.fifo";
  }

  Task<std::string> call(std::string fifo, std::string method) {
    constexpr unsigned mode = 0622;
    const std::string name = "kamailio_receiver_" + std::to_string(me_.pid());
    (void)me_.remove_file("/tmp/" + name);
    (void)me_.make_fifo("/tmp/" + name, mode);
    const auto replies = me_.open_fifo("/tmp/" + name);
    const auto requests = co_await me_.open_fifo_to_write(std::move(fifo));
    std::string reply;
    if (replies && requests) {
      (void)me_.send(*requests, R"({"jsonrpc": "2.0", "method": ")" + method +
                                    R"(", "reply_name": ")" + name + R"(", "id": )" +
                                    std::to_string(me_.pid()) + "}\n");
      const auto event = co_await me_.next();
      if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
        reply = bytes->bytes;
      }
      me_.close(*replies);
      me_.close(*requests);
    }
    (void)me_.remove_file("/tmp/" + name);
    co_return reply;
  }

  [[nodiscard]] std::string lines_of(const std::string& reply) const {
    const auto json = nlohmann::json::parse(reply, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("result")) {
      return "ERROR: no reply\n";
    }
    const auto& result = json["result"];
    const auto since = result.value("up_since", std::string());
    switch (profile_.form) {
      case KamctlProfile::Form::older:
        return "Now: " + result.value("now", std::string()) + "\nUp since: " + since + "\n";
      case KamctlProfile::Form::newer:
        return "  \"up_since\": \"" + since + "\",\n";
      case KamctlProfile::Form::current:
        break;
    }
    return "    now:  " + result.value("now", std::string()) + "\n    up_since: " + since +
           "\n    uptime: " + std::to_string(result.value("uptime", 0)) + "\n";
  }

  Stage& me_;
  KamctlProfile profile_;
};

Task<int> play(Stage& me, KamctlProfile profile) {
  Kamctl kamctl(me, profile);
  co_return co_await kamctl.run();
}

}  // namespace

Life kamctl(KamctlProfile profile) {
  return [profile](Stage& me) { return play(me, profile); };
}

}  // namespace sim
