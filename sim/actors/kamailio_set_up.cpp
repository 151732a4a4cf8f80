#include "sim/actors/kamailio_set_up.h"

#include "sim/actors/kamailio_config.h"
#include "sim/actors/kamailio_log.h"
#include "sim/actors/names.h"
#include "sim/kernel/number.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
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
    auto listeners = arguments.listeners;
    listeners.insert(listeners.end(), server_.config.listeners.begin(),
                     server_.config.listeners.end());
    return listeners.empty() ? listen_everywhere() : find_listeners(listeners);
  }

 private:
  // Messages go to standard error if it was told so; a check tells all.
  [[nodiscard]] std::string logged(const std::string& level, const std::string& text) const {
    return says_it() ? core_message(me_, level, text) : "";
  }
  [[nodiscard]] bool says_it() const {
    return server_.arguments.only_checks || server_.logs_to_stderr();
  }

  std::optional<KamailioRefusal> take_memory() {
    const auto take = [](const std::string& text, std::int64_t& megabytes) {
      const auto number = number_in<std::int64_t>(text);
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
    auto config = parse_kamailio_config(
        {.path = arguments.config, .text = *text, .defines = arguments.defines, .read = read});
    if (auto refusal = judge(config)) {
      return refusal;
    }
    server_.arguments.has_tcp &= config.has_tcp;
    server_.config = std::move(config);
    return std::nullopt;
  }

  // What it says about where to log counts only once all of it is read.
  [[nodiscard]] std::optional<KamailioRefusal> judge(const KamailioConfig& config) const {
    if (!config.missing_include.empty()) {
      return KamailioRefusal{.text = logged("CRITICAL", config.missing_include)};
    }
    if (config.complaints.empty() && config.open_conditions == 0) {
      return std::nullopt;
    }
    return KamailioRefusal{.text =
                               text_of(config.complaints) +
                               bad_config(config.complaints.size(), config.is_understood ? 0 : 1) +
                               text_of_conditions(config.open_conditions)};
  }

  // It needs memory to read its configuration, and the user whose memory that shall be.
  std::optional<KamailioRefusal> initialise_memory() {
    const auto& user = server_.arguments.user;
    if (!user.empty() && !me_.has_user(user)) {
      return KamailioRefusal{.text =
                                 "bad user name/uid number: -u " + user + "\n" + bad_config(1, 1)};
    }
    constexpr std::int64_t megabytes_there_can_be = 1024LL * 1024;
    if (server_.shared_memory > megabytes_there_can_be) {
      return KamailioRefusal{.text =
                                 "Too much qm shm memory demanded: " +
                                 std::to_string(server_.shared_memory * KamailioServer::megabyte) +
                                 " bytes\n" + bad_config(1, 1)};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string text_of_conditions(int open) const {
    const std::string beginning = "#!if[n]def";
    const std::string end = "#!endif";
    const bool lacks_end = open > 0;
    return open == 0
               ? ""
               : logged("ERROR",
                        "[core/ppcfg.c:275]: pp_ifdef_level_error(): different number of "
                        "preprocessor directives: " +
                            std::to_string(std::abs(open)) + " more " +
                            (lacks_end ? beginning : end) + " as " + (lacks_end ? end : beginning));
  }

  [[nodiscard]] std::string text_of(const std::vector<ConfigComplaint>& complaints) const {
    std::string text;
    for (const auto& complaint : complaints) {
      if (!complaint.cause.empty()) {
        text += logged("ERROR", complaint.cause);
      }
      text += logged("CRITICAL",
                     "[core/cfg.y:3790]: yyerror_at(): parse error in config file " +
                         (complaint.file.empty() ? server_.arguments.config : complaint.file) +
                         ", " + complaint.place + ": " + complaint.text);
    }
    return text;
  }

  static std::string bad_config(std::size_t errors, int parsing_code) {
    return "ERROR: bad config file (" + std::to_string(errors) +
           " errors) (parsing code: " + std::to_string(parsing_code) + ")\n";
  }

  std::optional<KamailioRefusal> listen_everywhere() {
    const KamailioListener anywhere;
    for (const auto& address : me_.own_addresses()) {
      add(anywhere, address, address);
    }
    return std::nullopt;
  }

  std::optional<KamailioRefusal> find_listeners(const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
      const auto listener = KamailioListener::parse(text, server_.config.port);
      if (!listener) {
        return KamailioRefusal{.text = logged("ERROR",
                                              "[main.c:1246]: parse_phostport(): bad port number "
                                              "in " +
                                                  text) +
                                       "bad -l address specifier: " + text +
                                       "\nCheck disabled protocols\n"};
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
    }
    return std::nullopt;
  }

  std::optional<std::string> address_of(const std::string& host) {
    return host.starts_with('[') ? std::optional(host.substr(1, host.size() - 2))
                                 : ipv4_address_of(me_, host);
  }

  // Those of UDP come first.
  void add(const KamailioListener& listener, const std::string& host, const std::string& address) {
    using Endpoint = host::Endpoint;
    auto& all = server_.listeners;
    // It is a number of 16 bits to Kamailio, whatever it was.
    constexpr std::uint16_t usual_port = 5060;
    const auto given = static_cast<std::uint16_t>(listener.port);
    const auto port = given == 0 ? usual_port : given;
    const auto has = [&](Endpoint::Kind kind) {
      const Endpoint endpoint{.kind = kind, .address = address, .port = port};
      return std::ranges::find(all, endpoint, [](const auto& other) { return other.endpoint; }) !=
             all.end();
    };
    if (listener.protocol != "tcp" && !has(Endpoint::Kind::udp)) {
      const auto first_tcp = std::ranges::find(
          all, Endpoint::Kind::tcp, [](const auto& other) { return other.endpoint.kind; });
      all.insert(first_tcp,
                 {.endpoint = {.kind = Endpoint::Kind::udp, .address = address, .port = port},
                  .host = host});
    }
    if (listener.protocol != "udp" && server_.arguments.has_tcp && !has(Endpoint::Kind::tcp)) {
      all.push_back({.endpoint = {.kind = Endpoint::Kind::tcp, .address = address, .port = port},
                     .host = host});
    }
  }

  Stage& me_;
  KamailioServer& server_;
};

}  // namespace

std::optional<KamailioRefusal> set_up_kamailio(Stage& me, KamailioServer& server) {
  return SetUp(me, server).run();
}

}  // namespace sim
