#include "sim/actors/kamailio_config.h"

#include "sim/actors/kamailio_modules.h"
#include "sim/actors/kamailio_route_parser.h"
#include "sim/kernel/number.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sim {
namespace {

using Kind = ConfigToken::Kind;

constexpr const char* module_path = "/usr/lib/x86_64-linux-gnu/kamailio/modules";

bool contains(const auto& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

std::optional<int> number_of(const ConfigToken& token) {
  return token.kind == Kind::word ? number_in<int>(token.text) : std::nullopt;
}

bool is_yes(const ConfigToken& token) {
  constexpr std::array<std::string_view, 5> words = {"yes", "true", "on", "enable", "1"};
  return token.kind == Kind::word && contains(words, token.text);
}

// How jsonrpcs and ctl can be asked. What is named nowhere has its usual place.
struct Rpc {
  std::string fifo = "/run/kamailio/kamailio_rpc.fifo";
  std::string datagrams = "/run/kamailio/kamailio_rpc.sock";
  std::string stream = "/run/kamailio/kamailio_ctl";
  int transport = 0;  // a sum of those below, or 0 for all

  void set(std::string_view module, std::string_view parameter, const ConfigToken& value) {
    if (module == "jsonrpcs" && parameter == "transport") {
      transport = number_of(value).value_or(0);
    } else if (module == "jsonrpcs" && parameter == "fifo_name") {
      fifo = value.text;
    } else if (module == "jsonrpcs" && parameter == "dgram_socket") {
      datagrams = value.text;
    } else if (module == "ctl" && parameter == "binrpc") {
      set_stream(value.text);
    }
  }

  // Of addresses in the network and unix datagrams the actor knows nothing.
  void set_stream(std::string_view address) {
    for (const std::string_view prefix : {"unixs:", "unix:", ""}) {
      if (address.starts_with(prefix)) {
        address.remove_prefix(prefix.size());
        stream = address.starts_with('/') ? address : "";
        return;
      }
    }
  }

  void put_into(KamailioConfig& config, const KamailioModules& modules) const {
    constexpr int of_fifo = 2;
    constexpr int of_datagrams = 4;
    if (modules.has("jsonrpcs")) {
      config.rpc_fifo = transport == 0 || (transport & of_fifo) != 0 ? fifo : "";
      config.rpc_datagrams = transport == 0 || (transport & of_datagrams) != 0 ? datagrams : "";
    }
    config.rpc_stream = modules.has("ctl") ? stream : "";
  }
};

// What may stand before a text without a "=".
constexpr std::array<std::string_view, 3> words_before_text = {"loadpath", "mpath", "cfgengine"};

class Parser {
 public:
  explicit Parser(std::vector<ConfigToken> tokens) : reader_(std::move(tokens)) {}

  KamailioConfig parse() {
    try {
      do {
        take_statement();
      } while (!reader_.is_at_end());
    } catch (const ConfigReader::SyntaxError&) {
      config_.is_understood = false;
    }
    rpc_.put_into(config_, modules_);
    config_.complaints = reader_.complaints();
    return std::move(config_);
  }

 private:
  void take_statement() {
    if (reader_.take_if(";")) {
      return;
    }
    const auto& word = reader_.expect(Kind::word);
    if (word.text == "loadmodule") {
      load(reader_.expect(Kind::text));
    } else if (word.text == "modparam") {
      take_modparam();
    } else if (word.text == "flags" || word.text == "bool" || word.text == "avpflags") {
      while (!reader_.take_if(";")) {
        reader_.is_at_end() ? reader_.give_up() : (void)reader_.take();
      }
    } else if (reader_.next().is(".") || reader_.next().is("=")) {
      take_assignment(word.text);
    } else if (contains(words_before_text, word.text) && reader_.next().kind == Kind::text) {
      reader_.take();
    } else {
      take_route(word.text);
    }
  }

  void load(const ConfigToken& file) {
    const auto name = kamailio_module_name(file.text);
    if (const auto* const module = find_kamailio_module(name)) {
      modules_.load(*module);
    } else {
      reader_.complain(file, "failed to load module",
                       "[core/sr_module.c:510]: ksr_locate_module(): could not find module <" +
                           std::string(name) + "> in <" + module_path + ">");
    }
  }

  void take_modparam() {
    reader_.expect("(");
    const auto& module = reader_.expect(Kind::text).text;
    reader_.expect(",");
    const auto& parameter = reader_.expect(Kind::text).text;
    reader_.expect(",");
    reader_.take_if("-");
    const auto value = reader_.take();
    const auto& end = reader_.expect(")");
    const std::string function = ": set_mod_param_regex(): ";
    const auto meant = modules_.named(module);
    if (meant.empty()) {
      reader_.complain(
          end, "Can't set module parameter",
          "[core/modparam.c:187]" + function + "No module matching <" + module + "> found");
    }
    for (const auto* const one : meant) {
      if (one->parameters && !contains(*one->parameters, parameter)) {
        reader_.complain(end, "Can't set module parameter",
                         "[core/modparam.c:175]" + function + "parameter <" + parameter +
                             "> of type <" + (value.kind == Kind::text ? "1:string" : "2:int") +
                             "> not found in module <" + module + ">");
        return;
      }
      rpc_.set(one->name, parameter, value);
    }
  }

  // NAME = VALUE, or GROUP.NAME = VALUE desc "...".
  void take_assignment(const std::string& name) {
    if (reader_.take_if(".")) {
      reader_.expect(Kind::word);
      reader_.expect("=");
      take_line();
      return;
    }
    reader_.expect("=");
    set(name);
  }

  void set(const std::string& name) {
    if (name == "children") {
      config_.children = take_number();
    } else if (name == "tcp_children") {
      config_.tcp_children = take_number();
    } else if (name == "port") {
      config_.port = take_number();
    } else if (name == "exit_timeout" || name == "ser_kill_timeout") {
      config_.exit_timeout = std::chrono::seconds(take_number());
    } else if (name == "fork") {
      config_.forks = is_yes(reader_.take());
    } else if (name == "log_stderror") {
      config_.logs_to_stderr = is_yes(reader_.take());
    } else if (name == "disable_tcp") {
      config_.has_tcp = !is_yes(reader_.take());
    } else if (name == "listen") {
      config_.listeners.push_back(take_line());
    } else if (name == "alias") {
      config_.aliases.push_back(take_line());
    } else {
      take_line();
    }
  }

  int take_number() {
    const auto number = number_of(reader_.next());
    if (!number) {
      reader_.complain(reader_.next(), "syntax error");
      reader_.complain(reader_.next(), "number expected");
      throw ConfigReader::SyntaxError{};
    }
    reader_.take();
    return *number;
  }

  // What stands there, without the words behind an address.
  std::string take_line() {
    constexpr std::array<std::string_view, 6> further = {"advertise", "ADVERTISE", "name",
                                                         "virtual",   "VIRTUAL",   "desc"};
    if (reader_.is_at_end()) {
      reader_.give_up();
    }
    const int line = reader_.next().line;
    std::string text = reader_.take().text;
    for (bool belongs = true; !reader_.is_at_end() && reader_.next().line == line;) {
      const auto& token = reader_.take();
      belongs &= token.kind != Kind::word || !contains(further, token.text);
      text += belongs ? token.text : "";
    }
    return text;
  }

  // request_route { ... }, route[NAME] { ... }, failure_route[NAME] { ... }
  void take_route(const std::string& kind) {
    std::string name;
    if (reader_.take_if("[")) {
      while (!reader_.take_if("]")) {
        if (reader_.is_at_end() || reader_.next().is("{")) {
          reader_.give_up();
        }
        name += reader_.take().text;
      }
    }
    auto block = parse_kamailio_route(reader_, modules_);
    if (kind == "route" || kind == "request_route") {
      auto& all = config_.routes[name];
      std::ranges::move(block, std::back_inserter(all));
    }
  }

  ConfigReader reader_;
  KamailioConfig config_;
  KamailioModules modules_;
  Rpc rpc_;
};

}  // namespace

KamailioConfig parse_kamailio_config(const ConfigSource& source) {
  auto [tokens, missing_include, open_conditions] = config_tokens(source);
  if (!missing_include.empty()) {
    return {.is_understood = false, .missing_include = std::move(missing_include)};
  }
  auto config = Parser(std::move(tokens)).parse();
  config.open_conditions = open_conditions;
  return config;
}

}  // namespace sim
