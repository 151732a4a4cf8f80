#include "sim/actors/kamailio.h"

#include "sim/actors/kamailio_arguments.h"
#include "sim/actors/kamailio_config.h"
#include "sim/actors/kamailio_server.h"

#include <charconv>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sim {
namespace {

constexpr int refused = 255;

// As far as a message of Kamailio is the same each time.
std::string message(const Stage& me, const std::string& level, const std::string& text) {
  return " 0(" + std::to_string(me.pid()) + ") " + level + ": <core> " + text + "\n";
}

std::string complaints_about(const Stage& me, const KamailioServer& server) {
  std::string text;
  for (const auto& complaint : server.config.complaints) {
    text += message(me, "CRITICAL",
                    "[core/cfg.y:3790]: yyerror_at(): parse error in config file " +
                        server.arguments.config + ", line " + std::to_string(complaint.line) +
                        ", column " + std::to_string(complaint.column) + ": " + complaint.text);
  }
  return text;
}

std::string listening_on(const KamailioServer& server) {
  std::string text = "Listening on \n";
  for (const auto& listener : server.arguments.listener_texts) {
    text += "             " + listener + "\n";
  }
  return text + "Aliases: \n\n";
}

// daemonize(): what the PID file says decides before anything else is done.
std::optional<std::string> claim_pid_file(Stage& me, const KamailioServer& server) {
  const std::string& path = server.arguments.pid_file;
  if (path.empty()) {
    return std::nullopt;
  }
  if (const auto text = me.read_file(path)) {
    int pid = 0;
    const auto [stopped, error] = std::from_chars(text->data(), text->data() + text->size(), pid);
    if (error != std::errc{} || pid <= 0) {
      return "daemonize(): pid file " + path + " exists, but doesn't contain a valid pid number";
    }
    constexpr int none = 0;
    if (me.kill(pid, none)) {
      return "daemonize(): running process found in the pid file " + path;
    }
  }
  const auto written = me.write_file(path, std::to_string(me.pid()) + "\n");
  if (!written) {
    return "daemonize(): unable to create pid file " + path + ": " + written.error().text;
  }
  if (!server.arguments.user.empty()) {
    (void)me.give_file(path, server.arguments.user, server.group());
  }
  return std::nullopt;
}

// What the process that was launched does: it reads, checks, and leaves a daemon behind.
class Launcher {
 public:
  Launcher(Stage& me, KamailioProfile profile)
      : me_(me), server_(std::make_shared<KamailioServer>()) {
    server_->profile = std::move(profile);
  }

  Task<int> run() {
    server_->arguments = parse_kamailio_arguments(me_.arguments());
    if (!server_->arguments.refusal.empty()) {
      co_return co_await refuse(server_->arguments.refusal + "\n");
    }
    if (server_->arguments.only_tells_version) {
      co_await me_.write(Stream::out, "version: kamailio 5.6.3 (x86_64/linux) \n");
      co_return 0;
    }
    co_await me_.rest(server_->profile.start_takes);
    if (const auto refusal = read_config()) {
      co_return co_await refuse(*refusal);
    }
    if (server_->arguments.only_checks) {
      co_await me_.write(Stream::out, listening_on(*server_));
      co_await me_.write(Stream::err, "config file ok, exiting...\n");
      co_return 0;
    }
    if (!server_->profile.start_error.empty()) {
      co_return co_await refuse(server_->profile.start_error + "\n");
    }
    if (server_->profile.crash == KamailioProfile::Crash::before_daemon) {
      co_await me_.rest(server_->profile.crash_after);
      co_await me_.die(SIGSEGV);
    }
    co_await me_.write(Stream::out, listening_on(*server_));
    co_return co_await become_server();
  }

 private:
  Task<int> refuse(std::string text) {
    co_await me_.write(Stream::err, std::move(text));
    co_return refused;
  }

  std::optional<std::string> read_config() {
    const auto& arguments = server_->arguments;
    if (auto unknown = check_accounts()) {
      return unknown;
    }
    const auto text = me_.read_file(arguments.config);
    if (!text) {
      return "ERROR: loading config file(" + arguments.config + "): " + text.error().text +
             ", check file and directory permissions\n";
    }
    server_->config = parse_kamailio_config(*text);
    const auto& complaints = server_->config.complaints;
    if (!complaints.empty()) {
      // Until the configuration is read, it logs to standard error only if it was told to.
      const bool says_it = arguments.only_checks || arguments.logs_to_stderr;
      return (says_it ? complaints_about(me_, *server_) : "") + "ERROR: bad config file (" +
             std::to_string(complaints.size() + 1) + " errors) (parsing code: 1)\n";
    }
    return std::nullopt;
  }

  std::optional<std::string> check_accounts() {
    const auto& arguments = server_->arguments;
    if (!arguments.user.empty() && !me_.has_user(arguments.user)) {
      return "bad user name/uid number: -u " + arguments.user + "\n";
    }
    if (!arguments.group.empty() && !me_.has_group(arguments.group)) {
      return "bad group name/gid number: -u " + arguments.group + "\n";
    }
    return std::nullopt;
  }

  Task<int> become_server() {
    const bool stays = server_->arguments.d_options >= 2;
    if (stays) {
      co_return co_await serve(me_, server_, std::nullopt);
    }
    const auto report = me_.make_pipe();
    const auto child = me_.fork([server = server_, report](Stage& daemon) -> Task<int> {
      daemon.close(report.reading);
      daemon.lead_session();
      co_return co_await serve(daemon, server, report.writing);
    });
    if (!child) {
      co_return co_await refuse("fork: " + child.error().text + "\n");
    }
    me_.close(report.writing);
    for (;;) {
      const auto event = co_await me_.next();
      if (std::holds_alternative<GotBytes>(event)) {
        co_return 0;  // the server says that it is initialised
      }
      if (std::holds_alternative<GotEnd>(event)) {
        co_return refused;
      }
    }
  }

  // The main process from its first moment. `report` tells the launcher that it is initialised.
  static Task<int> serve(Stage& me, std::shared_ptr<KamailioServer> server,
                         std::optional<Descriptor> report) {
    const bool says_it = server->logs_to_stderr();
    if (const auto refusal = claim_pid_file(me, *server)) {
      if (says_it) {
        co_await me.write(Stream::err,
                          message(me, "CRITICAL", "[core/daemonize.c:396]: " + *refusal));
      }
      co_return refused;
    }
    KamailioMain main(me, server, report);
    co_return co_await main.run();
  }

  Stage& me_;
  std::shared_ptr<KamailioServer> server_;
};

Task<int> play(Stage& me, KamailioProfile profile) {
  Launcher launcher(me, std::move(profile));
  co_return co_await launcher.run();
}

}  // namespace

Life kamailio(KamailioProfile profile) {
  return [profile = std::move(profile)](Stage& me) { return play(me, profile); };
}

}  // namespace sim
