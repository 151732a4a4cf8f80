#include "sim/programs/kamailio_arguments.h"
#include "sim/programs/kamailio_server.h"
#include "sim/programs/kamailio_set_up.h"
#include "sim/programs/programs.h"

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace sim {
namespace {

constexpr int refused = KamailioRefusal::usual_exit_code;

// The part of the help that agents look for.
constexpr const char* help =
    "Usage: kamailio [options]\n"
    "Options:\n"
    "    -A define    Add config pre-processor define (e.g., -A WITH_AUTH,\n"
    "                  -A 'FLT_ACC=1', -A 'DEFVAL=\"str-val\"')\n"
    "    -c           Check configuration file for syntax errors\n"
    "    -D           Control how daemonize is done:\n"
    "                  -D..do not fork (almost) anyway;\n"
    "                  -DD..do not daemonize creator;\n"
    "                  -DDD..daemonize (default)\n"
    "    -E           Log to stderr\n"
    "    -f file      Configuration file (default: /etc/kamailio/kamailio.cfg)\n"
    "    -g gid       Change gid (group id)\n"
    "    -h           This help message\n"
    "    -l address   Listen on the specified address/interface (multiple -l\n"
    "                  mean listening on more addresses)\n"
    "    -m nr        Size of shared memory allocated in Megabytes\n"
    "    -M nr        Size of private memory allocated, in Megabytes\n"
    "    -P file      Create a pid file\n"
    "    -T           Disable tcp\n"
    "    -u uid       Change uid (user id)\n"
    "    -v           Version number\n";

constexpr const char* version = "version: kamailio 5.6.3 (x86_64/linux) \n";

std::string listening_on(const KamailioServer& server) {
  std::string text = "Listening on \n";
  for (const auto& [endpoint, host, is_tls] : server.listeners) {
    const bool is_udp = endpoint.kind == host::Endpoint::Kind::udp;
    text.append("             ").append(is_udp ? "udp: " : is_tls ? "tls: " : "tcp: ").append(host);
    text.append(" [").append(endpoint.address).append("]:");
    text.append(std::to_string(endpoint.port)).append("\n");
  }
  return text + "Aliases: \n\n";
}

// The launched process: reads and checks the configuration, and leaves a daemon behind.
class Launcher {
 public:
  Launcher(Stage& me, std::shared_ptr<const KamailioProfile> profile)
      : me_(me), server_(std::make_shared<KamailioServer>()) {
    server_->profile = std::move(profile);
  }

  Task<int> run() {
    server_->arguments = parse_kamailio_arguments(me_.arguments());
    const auto& arguments = server_->arguments;
    if (!arguments.refusal.empty()) {
      co_return co_await refuse(arguments.refusal + "\n", refused);
    }
    if (arguments.is_refused_silently) {
      co_return refused;
    }
    if (arguments.tells != KamailioArguments::Tells::nothing) {
      const bool tells_more = arguments.tells == KamailioArguments::Tells::help;
      co_await me_.write(Stream::out, std::string(version) + (tells_more ? help : ""));
      co_return 0;
    }
    co_await me_.rest(server_->profile->start_takes);
    if (const auto refusal = set_up_kamailio(me_, *server_)) {
      co_return co_await refuse(refusal->text, refusal->exit_code);
    }
    if (arguments.d_options == does_not_fork || !server_->config.forks) {
      co_await me_.write(Stream::err, "WARNING: no fork mode \n");
    }
    if (arguments.only_checks) {
      co_await me_.write(Stream::out, listening_on(*server_));
      co_await me_.write(Stream::err, "config file ok, exiting...\n");
      co_return 0;
    }
    if (const auto& error = server_->profile->start_error; !error.empty()) {
      std::string text = server_->logs_to_stderr() ? error + "\n" : "";
      co_return co_await refuse(std::move(text), refused);
    }
    if (server_->profile->crash == KamailioProfile::Crash::before_daemon) {
      co_await me_.rest(server_->profile->crash_after);
      co_await me_.die(SIGSEGV);
    }
    co_await me_.write(Stream::out, listening_on(*server_));
    co_return co_await become_server();
  }

 private:
  Task<int> refuse(std::string text, int exit_code) {
    co_await me_.write(Stream::err, std::move(text));
    co_return exit_code;
  }

  static constexpr int does_not_fork = 1;

  Task<int> become_server() {
    constexpr int is_main_process = 2;
    const int mode = server_->config.forks ? server_->arguments.d_options : does_not_fork;
    if (mode == does_not_fork || mode == is_main_process) {
      co_return co_await serve(me_, server_, std::nullopt);
    }
    const auto report = me_.make_pipe();
    const auto child = me_.fork([server = server_, report](Stage& daemon) -> Task<int> {
      daemon.close(report.reading);
      daemon.lead_session();
      co_return co_await serve(daemon, server, report.writing);
    });
    if (!child) {
      co_return co_await refuse("fork: " + child.error().text + "\n", refused);
    }
    me_.close(report.writing);
    co_return co_await wait_for_daemon();
  }

  Task<int> wait_for_daemon() {
    std::string reported;
    for (;;) {
      const auto event = co_await me_.next();
      if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
        reported += bytes->bytes;
      }
      if (reported.find(KamailioServer::initialised) != std::string::npos) {
        co_return 0;
      }
      if (std::holds_alternative<GotEnd>(event)) {
        if (reported.find(KamailioServer::is_daemon) == std::string::npos) {
          co_await log_error(
              "[core/daemonize.c:311]: daemonize(): Main process exited before writing to pipe");
        }
        co_return refused;
      }
    }
  }

  Task<void> log_error(std::string text) {
    if (server_->logs_to_stderr()) {
      co_await me_.write(Stream::err, core_message(me_, "ERROR", text));
    }
  }

  // The main process. `report` informs the launched process of its progress.
  static Task<int> serve(Stage& me, std::shared_ptr<KamailioServer> server,
                         std::optional<Descriptor> report) {
    const auto claim = co_await claim_pid_file(me, *server);
    if (server->logs_to_stderr()) {
      co_await me.write(Stream::err, claim.log);
    }
    if (!claim.is_ours) {
      co_return refused;
    }
    if (report) {
      (void)me.send(*report, KamailioServer::is_daemon);
    }
    KamailioMain main(me, server, report);
    co_return co_await main.run();
  }

  Stage& me_;
  std::shared_ptr<KamailioServer> server_;
};

Task<int> play(Stage& me, std::shared_ptr<const KamailioProfile> profile) {
  Launcher launcher(me, std::move(profile));
  co_return co_await launcher.run();
}

}  // namespace

Life kamailio(std::shared_ptr<const KamailioProfile> profile) {
  return [profile = std::move(profile)](Stage& me) { return play(me, profile); };
}

}  // namespace sim
