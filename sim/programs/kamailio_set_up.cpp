#include "sim/programs/kamailio_set_up.h"

#include "agent/base/number.h"
#include "sim/programs/kamailio_config.h"
#include "sim/programs/kamailio_server.h"
#include "sim/programs/names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace sim {
namespace {

class SetUp {
 public:
  SetUp(Stage& me, KamailioServer& server) : me_(me), server_(server) {}

  std::optional<KamailioRefusal> run() {
    if (auto refusal = take_memory()) {
      return refusal;
    }
    if (auto refusal = read_config()) {
      return refusal;
    }
    const auto& arguments = server_.arguments;
    if (!arguments.group.empty() && !me_.has_group(arguments.group)) {
      return KamailioRefusal{.text = "bad group name/gid number: -u " + arguments.group + "\n"};
    }
    // Skips addresses that this machine does not have: it need not be the one for which the file
    // was written. If none is left, Kamailio listens on all addresses.
    for (const auto& listener : server_.config.listeners) {
      (void)listen_at(listener);
    }
    for (const auto& listener : arguments.listeners) {
      if (auto refusal = refusal_of_protocol(listener)) {
        return refusal;
      }
      if (auto refusal = listen_at(listener)) {
        return refusal;
      }
    }
    if (server_.listeners.empty()) {
      listen_at_all({.port = server_.config.port});
    }
    return std::nullopt;
  }

 private:
  // Messages go to standard error if configured; a check prints all.
  [[nodiscard]] std::string logged(const std::string& level, const std::string& text) const {
    return says_it() ? core_message(me_, level, text) : "";
  }
  [[nodiscard]] bool says_it() const {
    return server_.arguments.only_checks || server_.logs_to_stderr();
  }

  std::optional<KamailioRefusal> take_memory() {
    const auto take = [](const std::string& text, std::int64_t& megabytes) {
      const auto number = base::number_in<std::int64_t>(text);
      if (number && *number > 0) {
        megabytes = *number;  // and 0 is the default
      }
      return text.empty() || number.has_value();
    };
    const auto& arguments = server_.arguments;
    if (!take(arguments.shared_memory, server_.shared_memory)) {
      return KamailioRefusal{.text = "bad shmem size number: -m " + arguments.shared_memory + "\n"};
    }
    if (!take(arguments.private_memory, server_.private_memory)) {
      return KamailioRefusal{.text = "bad private mem size number: -M " + arguments.private_memory +
                                     "\n"};
    }
    return std::nullopt;
  }

  std::optional<KamailioRefusal> read_config() {
    const auto& arguments = server_.arguments;
    if (const auto file = me_.file(arguments.config);
        file && file->type == StageFile::Type::directory) {
      constexpr int scanner_failed = 2;
      return KamailioRefusal{.text = "input in flex scanner failed\n", .exit_code = scanner_failed};
    }
    const auto text = me_.read_file(arguments.config);
    if (!text) {
      return KamailioRefusal{.text = "ERROR: loading config file(" + arguments.config +
                                     "): " + text.error().text +
                                     ", check file and directory permissions\n"};
    }
    if (auto refusal = initialise_memory()) {
      return refusal;
    }
    const auto read = [this](const std::string& path) -> std::optional<std::string> {
      const auto included = me_.read_file(path);
      return included ? std::optional(*included) : std::nullopt;
    };
    server_.config = read_kamailio_config(
        {.path = arguments.config, .text = *text, .defines = arguments.defines, .read = read});
    if (const auto& error = server_.profile->config_error; !error.empty()) {
      // The log settings of a file apply only after all of it is read.
      const bool says_it = arguments.only_checks || arguments.logs_to_stderr;
      return KamailioRefusal{.text = says_it ? error + "\n" : without_log_lines(error)};
    }
    server_.arguments.has_tcp &= server_.config.has_tcp;
    const auto& config = server_.config;
    if (server_.arguments.user.empty() && me_.has_user(config.user)) {
      server_.arguments.user = config.user;
    }
    if (server_.arguments.group.empty() && me_.has_group(config.group)) {
      server_.arguments.group = config.group;
    }
    return std::nullopt;
  }

  // Log lines begin with a blank: " 0(7) CRITICAL: <core> ..."
  static std::string without_log_lines(const std::string& text) {
    std::istringstream lines(text);
    std::string others;
    for (std::string line; std::getline(lines, line);) {
      others += line.starts_with(' ') ? "" : line + "\n";
    }
    return others;
  }

  // Reading the configuration needs memory, and the user who owns the memory.
  std::optional<KamailioRefusal> initialise_memory() {
    const auto& user = server_.arguments.user;
    if (!user.empty() && !me_.has_user(user)) {
      return KamailioRefusal{.text = "bad user name/uid number: -u " + user + "\n" + bad_config};
    }
    constexpr std::int64_t megabytes_there_can_be = 1024LL * 1024;
    if (server_.shared_memory > megabytes_there_can_be) {
      return KamailioRefusal{.text =
                                 "Too much qm shm memory demanded: " +
                                 std::to_string(server_.shared_memory * KamailioServer::megabyte) +
                                 " bytes\n" + bad_config};
    }
    return std::nullopt;
  }

  static constexpr const char* bad_config = "ERROR: bad config file (1 errors) (parsing code: 1)\n";

  void listen_at_all(const KamailioListener& listener) {
    for (const auto& address : me_.own_addresses()) {
      add(listener, address, address);
    }
  }

  // Rejects these protocols in the command line; in a file they are valid.
  [[nodiscard]] std::optional<KamailioRefusal> refusal_of_protocol(const std::string& text) const {
    const auto protocol = text.substr(0, text.find(':'));
    return protocol == "tls" || protocol == "sctp" ? bad_listener("bad protocol", text)
                                                   : std::nullopt;
  }

  [[nodiscard]] std::optional<KamailioRefusal> bad_listener(const std::string& what,
                                                            const std::string& text) const {
    return KamailioRefusal{
        .text = logged("ERROR", "[main.c:1246]: parse_phostport(): " + what + " in " + text) +
                "bad -l address specifier: " + text + "\nCheck disabled protocols\n"};
  }

  std::optional<KamailioRefusal> listen_at(const std::string& text) {
    constexpr int usual_port_of_tls = 5061;
    const auto listener = KamailioListener::parse(
        text, text.starts_with("tls:") ? usual_port_of_tls : server_.config.port);
    if (!listener) {
      return bad_listener("bad port number", text);
    }
    if (listener->protocol == "sctp" || (listener->protocol == "tls" && !server_.config.has_tls)) {
      return std::nullopt;
    }
    if (listener->host == "lo") {  // the machine has no other interface
      listen_at_all(*listener);
      return std::nullopt;
    }
    const auto address = address_of(listener->host);
    if (!address) {
      const std::string protocol = listener->protocol.empty() ? "udp" : listener->protocol;
      return KamailioRefusal{
          .text = logged("ERROR", "[core/socket_info.c:557]: fix_hostname(): could not resolve " +
                                      listener->host) +
                  logged("ERROR",
                         "[core/socket_info.c:1992]: fix_all_socket_lists(): fix_socket_list " +
                             protocol + " failed") +
                  "failed to initialize list addresses\n"};
    }
    add(*listener, listener->host, *address);
    return std::nullopt;
  }

  std::optional<std::string> address_of(const std::string& host) {
    return host.starts_with('[') ? std::optional(host.substr(1, host.size() - 2))
                                 : ipv4_address_of(me_, host);
  }

  // UDP listeners come first.
  void add(const KamailioListener& listener, const std::string& host, const std::string& address) {
    using Endpoint = host::Endpoint;
    auto& all = server_.listeners;
    // Kamailio truncates it to 16 bits.
    constexpr std::uint16_t usual_port = 5060;
    const auto given = static_cast<std::uint16_t>(listener.port);
    const auto port = given == 0 ? usual_port : given;
    const bool is_tls = listener.protocol == "tls";
    const auto has = [&](Endpoint::Kind kind) {
      const Endpoint endpoint{.kind = kind, .address = address, .port = port};
      return std::ranges::any_of(all, [&](const auto& other) {
        return other.endpoint == endpoint && other.is_tls == is_tls;
      });
    };
    if (listener.protocol != "tcp" && !is_tls && !has(Endpoint::Kind::udp)) {
      const auto first_tcp = std::ranges::find(
          all, Endpoint::Kind::tcp, [](const auto& other) { return other.endpoint.kind; });
      all.insert(first_tcp,
                 {.endpoint = {.kind = Endpoint::Kind::udp, .address = address, .port = port},
                  .host = host});
    }
    if (listener.protocol != "udp" && server_.arguments.has_tcp && !has(Endpoint::Kind::tcp)) {
      all.push_back({.endpoint = {.kind = Endpoint::Kind::tcp, .address = address, .port = port},
                     .host = host,
                     .is_tls = is_tls});
    }
  }

  Stage& me_;
  KamailioServer& server_;
};

}  // namespace

std::optional<KamailioRefusal> set_up_kamailio(Stage& me, KamailioServer& server) {
  return SetUp(me, server).run();
}

namespace {

class Claim {
 public:
  Claim(Stage& me, const KamailioServer& server) : me_(me), server_(server) {}

  PidFileClaim make() {
    if (!path().empty()) {
      result_.is_ours = may_have_it() && write() && give();
    }
    return result_;
  }

 private:
  [[nodiscard]] const std::string& path() const { return server_.arguments.pid_file; }

  void say(const std::string& level, const std::string& text) {
    result_.log += core_message(me_, level, "[core/daemonize.c:396]: daemonize(): " + text);
  }

  bool may_have_it() {
    const auto text = text_of_old_one();
    if (!text) {
      return true;
    }
    std::istringstream stream(*text);
    stream >> std::ws;
    if (stream.eof()) {
      say("WARNING", "could not parse pid file " + path());
    }
    int pid = 0;
    if (!(stream >> pid)) {
      say("CRITICAL", "pid file " + path() + " exists, but doesn't contain a valid pid number");
      return false;
    }
    if (lives(pid)) {
      say("CRITICAL", "running process found in the pid file " + path());
      return false;
    }
    say("WARNING", "pid file contains old pid, replacing pid");
    return true;
  }

  // Nothing if the file cannot be opened. A directory can be opened, and is empty.
  std::optional<std::string> text_of_old_one() {
    const auto file = me_.file(path());
    if (file && file->type == StageFile::Type::directory) {
      return "";
    }
    const auto text = me_.read_file(path());
    return text ? std::optional(*text) : std::nullopt;
  }

  // Counts any process: a zombie, another user's process; and 0 is the caller's group.
  bool lives(int pid) {
    constexpr int no_signal = 0;
    const auto asked = me_.kill(pid, no_signal);
    return asked || asked.error().kind == host::ErrorKind::not_permitted;
  }

  bool write() {
    const auto written = me_.write_file(path(), std::to_string(me_.pid()) + "\n");
    if (!written) {
      say("WARNING", "unable to create pid file " + path() + ": " + written.error().text +
                         ", check directory permissions");
    }
    return written.has_value();
  }

  bool give() {
    const auto& user = server_.arguments.user;
    if (user.empty() || user == "root") {
      return true;
    }
    const auto given = me_.give_file(path(), user, server_.arguments.group_of_files());
    if (!given) {
      say("ERROR", "failed to chown PID file: " + given.error().text);
    }
    return given.has_value();
  }

  Stage& me_;
  const KamailioServer& server_;
  PidFileClaim result_;
};

}  // namespace

Task<PidFileClaim> claim_pid_file(Stage& me, const KamailioServer& server) {
  const auto& path = server.arguments.pid_file;
  if (!path.empty()) {
    const auto file = me.file(path);
    while (file && file->type == StageFile::Type::fifo) {
      (void)co_await me.next();  // only a signal, which ends it
    }
  }
  co_return Claim(me, server).make();
}

}  // namespace sim
