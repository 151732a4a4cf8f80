#include "sim/actors/kamailio_config.h"

#include "sim/actors/kamailio_config_tokens.h"
#include "sim/actors/kamailio_modules.h"
#include "sim/kernel/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace sim {
namespace {

using Kind = ConfigToken::Kind;

constexpr const char* module_path = "/usr/lib/x86_64-linux-gnu/kamailio/modules";

bool contains(const auto& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

// What may stand before a parenthesis without being a function of a module.
bool is_of_the_language(std::string_view word) {
  constexpr std::array<std::string_view, 22> words = {
      "if",        "else",      "while",       "switch",        "case",    "route",
      "return",    "exit",      "drop",        "forward",       "send",    "setflag",
      "resetflag", "isflagset", "log",         "append_branch", "defined", "strlen",
      "not",       "break",     "force_rport", "selval"};
  return word.starts_with('$') || contains(words, word);
}

std::optional<int> number_of(const ConfigToken& token) {
  return token.kind == Kind::word ? number_in<int>(token.text) : std::nullopt;
}

struct SyntaxError {};

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(config_tokens(text)) {}

  KamailioConfig parse() {
    try {
      do {
        take_statement();
      } while (next().kind != Kind::end);
    } catch (const SyntaxError&) {
      config_.is_understood = false;
    }
    return std::move(config_);
  }

 private:
  [[nodiscard]] const ConfigToken& next() const { return tokens_.at(next_); }
  const ConfigToken& take() { return next().kind == Kind::end ? next() : tokens_.at(next_++); }

  void complain(const ConfigToken& about, std::string text, std::string cause = {}) {
    config_.complaints.push_back(
        {.place = place_of(about), .text = std::move(text), .cause = std::move(cause)});
  }
  [[noreturn]] void give_up() {
    complain(next(), "syntax error");
    throw SyntaxError{};
  }

  const ConfigToken& expect(Kind kind) {
    if (next().kind != kind) {
      give_up();
    }
    return take();
  }
  const ConfigToken& expect(std::string_view sign) {
    if (!next().is(sign)) {
      give_up();
    }
    return take();
  }

  void take_statement() {
    const auto& word = expect(Kind::word);
    if (word.text == "loadmodule") {
      load(expect(Kind::text));
    } else if (word.text == "modparam") {
      take_modparam();
    } else if (word.text == "loadpath" || word.text.ends_with("_file")) {
      expect(Kind::text);
    } else if (next().is("=")) {
      take();
      set(word.text);
    } else {
      take_route();
    }
  }

  void load(const ConfigToken& file) {
    std::string_view name = file.text;
    name = name.substr(name.rfind('/') + 1);
    name = name.substr(0, name.ends_with(".so") ? name.size() - 3 : name.size());
    if (const auto* const module = find_kamailio_module(name)) {
      modules_.push_back(module);
    } else {
      complain(file, "failed to load module",
               "[core/sr_module.c:510]: ksr_locate_module(): could not find module <" +
                   std::string(name) + "> in <" + module_path + ">");
    }
  }

  void take_modparam() {
    expect("(");
    const auto& module = expect(Kind::text).text;
    expect(",");
    const auto& parameter = expect(Kind::text).text;
    expect(",");
    const auto value = take();
    const auto& end = expect(")");
    const std::string function = ": set_mod_param_regex(): ";
    const auto loaded = std::ranges::find(modules_, module, &KamailioModule::name);
    if (loaded == modules_.end()) {
      complain(end, "Can't set module parameter",
               "[core/modparam.c:187]" + function + "No module matching <" + module + "> found");
    } else if ((*loaded)->parameters && !contains(*(*loaded)->parameters, parameter)) {
      complain(end, "Can't set module parameter",
               "[core/modparam.c:175]" + function + "parameter <" + parameter + "> of type <" +
                   (value.kind == Kind::text ? "1:string" : "2:int") + "> not found in module <" +
                   module + ">");
    } else {
      set_parameter(module + "." + parameter, value);
    }
  }

  void set_parameter(const std::string& name, const ConfigToken& value) {
    constexpr std::string_view stream = "unixs:";
    constexpr int all = 0;
    constexpr int fifo = 2;
    constexpr int datagrams = 4;
    if (name == "jsonrpcs.transport") {
      const int transport = number_of(value).value_or(all);
      has_fifo_ = transport == all || (transport & fifo) != 0;
      has_datagrams_ = transport == all || (transport & datagrams) != 0;
    } else if (name == "jsonrpcs.fifo_name") {
      fifo_ = value.text;
    } else if (name == "jsonrpcs.dgram_socket") {
      datagrams_ = value.text;
    } else if (name == "ctl.binrpc" && value.text.starts_with(stream)) {
      config_.rpc_stream = value.text.substr(stream.size());
    }
    config_.rpc_fifo = has_fifo_ ? fifo_ : "";
    config_.rpc_datagrams = has_datagrams_ ? datagrams_ : "";
  }

  // Behind NAME=.
  void set(const std::string& name) {
    if (name == "children") {
      config_.children = take_number();
    } else if (name == "tcp_children") {
      config_.tcp_children = take_number();
    } else if (name == "exit_timeout") {
      config_.exit_timeout = std::chrono::seconds(take_number());
    } else if (name == "log_stderror") {
      const auto& value = take();
      config_.logs_to_stderr = value.is_word("yes") || value.is_word("1");
    } else {
      const auto value = take_line();
      if (name == "listen") {
        config_.listeners.push_back(value);
      }
    }
  }

  int take_number() {
    const auto number = number_of(next());
    if (!number) {
      complain(next(), "syntax error");
      complain(next(), "number expected");
      throw SyntaxError{};
    }
    take();
    return *number;
  }

  std::string take_line() {
    std::string text;
    const int line = next().line;
    if (next().kind == Kind::end) {
      give_up();
    }
    while (next().kind != Kind::end && next().line == line) {
      text += take().text;
    }
    return text;
  }

  // request_route { ... }, route[NAME] { ... }
  void take_route() {
    if (next().is("[")) {
      while (!take().is("]")) {
        if (next().kind == Kind::end || next().is("{")) {
          give_up();
        }
      }
    }
    expect("{");
    take_block();
  }

  // To its closing brace.
  void take_block() {
    while (!next().is("}")) {
      take_action();
    }
    take();
  }

  void take_action() {
    if (next().is_word("if") || next().is_word("while") || next().is_word("switch")) {
      take();
      expect("(");
      take_to(")");
      take_body();
    } else if (next().is_word("else")) {
      take();
      take_body();
    } else if (next().is_word("case") || next().is_word("default:")) {
      while (!take().text.ends_with(':')) {
        if (next().kind == Kind::end) {
          give_up();
        }
      }
    } else if (next().kind == Kind::word) {
      take_to(";");
    } else {
      give_up();
    }
  }

  void take_body() {
    if (next().is("{")) {
      take();
      take_block();
    } else {
      take_action();
    }
  }

  // Of a condition or an action, with all parentheses in it.
  void take_to(std::string_view sign) {
    while (!next().is(sign)) {
      if (next().kind == Kind::end || next().is("{") || next().is("}") || next().is(";")) {
        give_up();
      }
      const auto token = take();
      asks_for_options_ |= token.text == "OPTIONS";
      if (token.kind == Kind::word && next().is("(")) {
        take();
        take_call(token.text);
      } else if (token.is("(")) {
        take_to(")");
      }
    }
    take();
  }

  // Behind NAME(.
  void take_call(const std::string& name) {
    std::vector<std::string> arguments;
    const auto begin = next_;
    take_to(")");
    const auto end = next_ - 1;
    for (auto i = begin; i < end; ++i) {
      if (i == begin || tokens_[i].is(",")) {
        arguments.push_back(tokens_[tokens_[i].is(",") ? i + 1 : i].text);
      }
    }
    if (!is_known(name)) {
      complain(tokens_[end], "unknown command, missing loadmodule?\n",
               "[core/cfg.y:3649]: yyparse(): cfg. parser: failed to find command " + name +
                   " (params " + std::to_string(arguments.size()) + ")");
    } else if ((name == "sl_send_reply" || name == "send_reply") && arguments.size() == 2) {
      take_reply(arguments[0], arguments[1]);
    }
  }

  [[nodiscard]] bool is_known(const std::string& function) const {
    return is_of_the_language(function) ||
           std::ranges::any_of(modules_, [&](const KamailioModule* module) {
             return !module->functions || contains(*module->functions, function);
           });
  }

  // The reply to OPTIONS is the first one after the condition for it or, without one, the first of
  // all.
  void take_reply(const std::string& code, const std::string& reason) {
    if (!config_.options.replies.empty() && (!asks_for_options_ || has_options_)) {
      return;
    }
    SipReply found{.reason = reason};
    std::from_chars(code.data(), code.data() + code.size(), found.code);
    config_.options.replies = {found};
    has_options_ = asks_for_options_;
  }

  std::vector<ConfigToken> tokens_;
  std::size_t next_ = 0;
  KamailioConfig config_;
  std::vector<const KamailioModule*> modules_;  // that are loaded
  std::string fifo_;
  std::string datagrams_;
  bool has_fifo_ = true;
  bool has_datagrams_ = true;
  bool asks_for_options_ = false;
  bool has_options_ = false;
};

}  // namespace

KamailioConfig parse_kamailio_config(std::string_view text) { return Parser(text).parse(); }

}  // namespace sim
