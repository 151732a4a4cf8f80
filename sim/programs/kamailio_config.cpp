#include "sim/programs/kamailio_config.h"

#include "agent/base/number.h"
#include "sim/programs/kamailio_preprocessor.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sim {
namespace {

constexpr int most_includes = 1000;

bool is_yes(std::string_view word) {
  constexpr std::array<std::string_view, 5> words = {"yes", "true", "on", "enable", "1"};
  return std::ranges::find(words, word) != words.end();
}

// A token: a name, a value, a quoted text or a sign.
struct Token {
  std::string text;
  bool is_quoted = false;
};

// Splits a file into tokens, without comments, blocks, and excluded parts.
class Scanner {
 public:
  Scanner(KamailioPreprocessor& preprocessor, std::string_view text)
      : preprocessor_(preprocessor), text_(text) {}

  // The next token; nothing at the end.
  std::optional<Token> next() {
    if (given_back_) {
      return std::exchange(given_back_, std::nullopt);
    }
    while (!text_.empty()) {
      if (is_directive()) {
        take_directive();
      } else if (preprocessor_.is_skipping()) {
        skip(1);
        skip(std::min({text_.find("#!"), text_.find("!!"), text_.size()}));
      } else if (auto token = take()) {
        return token;
      }
    }
    return std::nullopt;
  }

  // Makes the token the next one again.
  void give_back(std::optional<Token> token) { given_back_ = std::move(token); }

 private:
  std::optional<Token> take() {
    if (text_.front() == '#' || text_.starts_with("//")) {
      skip(std::min(text_.find('\n'), text_.size()));
    } else if (text_.starts_with("/*")) {
      skip_comment();
    } else if (text_.front() == '"' || text_.front() == '\'') {
      return only_outside({.text = preprocessor_.substituted(take_quoted()), .is_quoted = true});
    } else if (text_.front() == '{' || text_.front() == '}') {
      depth_ = std::max(depth_ + (text_.front() == '{' ? 1 : -1), 0);
      skip(1);
    } else if (const auto size = size_of_value(); size > 0) {
      Token token{.text = preprocessor_.expanded(text_.substr(0, size))};
      skip(size);
      return only_outside(std::move(token));
    } else {
      Token sign{.text = std::string(text_.substr(0, 1))};
      const bool is_blank = std::isspace(static_cast<unsigned char>(text_.front())) != 0;
      skip(1);
      return is_blank ? std::nullopt : only_outside(std::move(sign));
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Token> only_outside(Token token) const {
    return depth_ == 0 ? std::optional(std::move(token)) : std::nullopt;
  }

  // Characters of a name, a number or an address.
  [[nodiscard]] std::size_t size_of_value() const {
    const auto is_of_value = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
             std::string_view("_.:[]*-@$").find(c) != std::string_view::npos;
    };
    return static_cast<std::size_t>(std::ranges::find_if_not(text_, is_of_value) - text_.begin());
  }

  std::string take_quoted() {
    const char quote = text_.front();
    std::string text;
    skip(1);
    for (; !text_.empty() && text_.front() != quote; skip(1)) {
      if (quote == '"' && text_.front() == '\\' && text_.size() > 1) {
        skip(1);
      }
      text += text_.front();
    }
    skip(text_.empty() ? 0 : 1);
    return text;
  }

  // Comments can be nested.
  void skip_comment() {
    int depth = 0;
    do {
      const auto here = text_.substr(0, 2);
      depth += here == "/*" ? 1 : here == "*/" ? -1 : 0;
      skip(here == "/*" || here == "*/" ? 2 : 1);
    } while (depth > 0 && !text_.empty());
  }

  // Conditions may begin with "!!", too.
  [[nodiscard]] bool is_directive() const {
    constexpr std::array<std::string_view, 9> words = {
        "def", "if", "else", "endif", "import", "include", "redef", "subst", "trydef"};
    return text_.starts_with("#!") ||
           (text_.starts_with("!!") && std::ranges::any_of(words, [this](std::string_view word) {
              return without_blanks(text_.substr(2)).starts_with(word);
            }));
  }

  // A backslash continues a line.
  void take_directive() {
    skip(2);
    const auto word = without_blanks(text_.substr(0, text_.find('\n')));
    if (word.starts_with("include_file") || word.starts_with("import_file")) {
      return;  // the text without "#!"
    }
    std::string line;
    for (; !text_.empty() && text_.front() != '\n'; skip(1)) {
      if (text_.starts_with("\\\n")) {
        skip(1);
      } else {
        line += text_.front();
      }
    }
    preprocessor_.take(line);
  }

  void skip(std::size_t size) { text_.remove_prefix(size); }

  KamailioPreprocessor& preprocessor_;
  std::string_view text_;
  std::optional<Token> given_back_;
  int depth_ = 0;  // nesting depth of blocks
};

// The sockets of jsonrpcs and ctl. Those that are not set have defaults.
struct Rpc {
  std::string fifo = "/run/kamailio/kamailio_rpc.fifo";
  std::string datagrams = "/run/kamailio/kamailio_rpc.sock";
  std::optional<std::string> stream = {};
  int transport = 0;  // a sum of those below, or 0 for all

  void set(std::string_view module, std::string_view parameter, const std::string& value) {
    if (module == "jsonrpcs" && parameter == "transport") {
      transport = base::number_in<int>(value).value_or(0);
    } else if (module == "jsonrpcs" && parameter == "fifo_name") {
      fifo = path_of(value);
    } else if (module == "jsonrpcs" && parameter == "dgram_socket") {
      datagrams = path_of(value);
    } else if (module == "ctl" && parameter == "binrpc") {
      set_stream(value);
    }
  }

  // The actor does not support network addresses and unix datagrams.
  void set_stream(std::string_view address) {
    stream = stream.value_or("");
    for (const std::string_view prefix : {"unixs:", "unix:", "/"}) {
      if (address.starts_with(prefix)) {
        stream = path_of(address.substr(prefix == "/" ? 0 : prefix.size()));
        return;
      }
    }
  }

  static std::string path_of(std::string_view path) {
    return (path.starts_with('/') ? "" : "/run/kamailio/") + std::string(path);
  }

  void put_into(KamailioConfig& config, const std::set<std::string>& modules) const {
    constexpr int of_fifo = 2;
    constexpr int of_datagrams = 4;
    if (modules.contains("jsonrpcs")) {
      config.rpc_fifo = transport == 0 || (transport & of_fifo) != 0 ? fifo : "";
      config.rpc_datagrams = transport == 0 || (transport & of_datagrams) != 0 ? datagrams : "";
    }
    if (modules.contains("ctl")) {
      config.rpc_stream = stream.value_or("/run/kamailio/kamailio_ctl");
    }
  }
};

class Reader {
 public:
  explicit Reader(const ConfigSource& source) : source_(source) {
    for (const auto& define : source.defines) {
      const auto name = define.substr(0, define.find('='));
      preprocessor_.define(name, define.substr(std::min(name.size() + 1, define.size())));
    }
  }

  KamailioConfig read() {
    read_file(source_.path, source_.text);
    rpc_.put_into(config_, modules_);
    return std::move(config_);
  }

 private:
  void read_file(const std::string& path, std::string_view text) {
    Scanner scanner(preprocessor_, text);
    while (const auto token = scanner.next()) {
      if (token->is_quoted) {
        continue;
      }
      if (token->text == "include_file" || token->text == "import_file") {
        include(scanner, path);
      } else if (token->text == "loadmodule" || token->text == "loadmodulex") {
        load(scanner);
      } else if (token->text == "modparam" || token->text == "modparamx") {
        take_modparam(scanner);
      } else if (take_if(scanner, "=")) {
        set(token->text, take_value(scanner));
      }
    }
  }

  static bool take_if(Scanner& scanner, std::string_view sign) {
    auto token = scanner.next();
    const bool found = token && !token->is_quoted && token->text == sign;
    if (!found) {
      scanner.give_back(std::move(token));
    }
    return found;
  }

  // The colons of an address may have blanks around them.
  static std::string take_value(Scanner& scanner) {
    std::string value;
    for (bool is_first = true; auto token = scanner.next(); is_first = false) {
      if (!is_first && !value.ends_with(':') && !token->text.starts_with(':')) {
        scanner.give_back(std::move(token));
        break;
      }
      value += token->text;
    }
    return value;
  }

  // A missing file is skipped.
  void include(Scanner& scanner, const std::string& from) {
    const auto name = scanner.next();
    if (!name || !source_.read || includes_++ == most_includes) {
      return;
    }
    const auto path =
        name->text.starts_with('/') ? name->text : from.substr(0, from.rfind('/') + 1) + name->text;
    if (const auto text = source_.read(path)) {
      read_file(path, *text);
    }
  }

  // "sl" for "/usr/lib/kamailio/sl.so".
  void load(Scanner& scanner) {
    take_if(scanner, "(");
    if (const auto file = scanner.next()) {
      const auto name = file->text.substr(file->text.rfind('/') + 1);
      const auto module = name.substr(0, name.find(".so"));
      modules_.insert(module);
      preprocessor_.define("MOD_" + module);
    }
  }

  void take_modparam(Scanner& scanner) {
    std::array<std::string, 3> values;  // module, or several with "|" between them; name; value
    if (!take_if(scanner, "(")) {
      return;
    }
    for (auto& value : values) {
      const auto token = scanner.next();
      value = token ? token->text : "";
      take_if(scanner, ",");
    }
    std::string_view modules = values[0];
    while (!modules.empty()) {
      const auto module = modules.substr(0, modules.find('|'));
      rpc_.set(module, values[1], values[2]);
      modules.remove_prefix(std::min(module.size() + 1, modules.size()));
    }
  }

  void set(const std::string& name, const std::string& value) {
    const auto set_number = [&](auto& setting) {
      if (const auto number = base::number_in<int>(value)) {
        setting = std::decay_t<decltype(setting)>(*number);
      }
    };
    if (name == "children") {
      set_number(config_.children);
    } else if (name == "tcp_children") {
      set_number(config_.tcp_children);
    } else if (name == "port") {
      set_number(config_.port);
    } else if (name == "exit_timeout" || name == "ser_kill_timeout") {
      set_number(config_.exit_timeout);
    } else if (name == "user" || name == "uid") {
      config_.user = value;
    } else if (name == "group" || name == "gid") {
      config_.group = value;
    } else if (name == "fork") {
      config_.forks = is_yes(value);
    } else if (name == "log_stderror") {
      config_.logs_to_stderr = is_yes(value);
    } else if (name == "disable_tcp") {
      config_.has_tcp = !is_yes(value);
    } else if (name == "enable_tls" || name == "tls_enable") {
      config_.has_tls = is_yes(value);
    } else if (name == "listen") {
      config_.listeners.push_back(value);
    }
  }

  const ConfigSource& source_;
  KamailioPreprocessor preprocessor_;
  KamailioConfig config_;
  std::set<std::string> modules_;
  Rpc rpc_;
  int includes_ = 0;
};

}  // namespace

KamailioConfig read_kamailio_config(const ConfigSource& source) { return Reader(source).read(); }

}  // namespace sim
