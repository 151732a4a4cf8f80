#include "sim/actors/kamailio_config.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <utility>

namespace sim {
namespace {

// Modules of Debian's package kamailio that configurations in tests load.
constexpr std::array<std::string_view, 24> modules = {
    "acc",      "avpops",   "cfgutils", "corex",     "ctl",  "db_text", "debugger",  "htable",
    "jsonrpcs", "kex",      "maxfwd",   "nathelper", "pike", "pv",      "registrar", "rr",
    "sanity",   "siputils", "sl",       "textops",   "tm",   "tmx",     "usrloc",    "xlog"};

// The words of one statement, quoted ones without their quotes.
struct Words {
  std::vector<std::string> words;
  std::vector<int> columns;  // from 1
};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '/' ||
         c == '-' || c == '$';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  KamailioConfig parse() {
    while (!text_.empty()) {
      ++line_;
      const auto end = text_.find('\n');
      take_line(text_.substr(0, end));
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    }
    if (depth_ != 0 && config_.complaints.empty()) {
      complain(1, "syntax error");
    }
    return std::move(config_);
  }

 private:
  void complain(int column, std::string text) {
    config_.complaints.push_back({.line = line_, .column = column, .text = std::move(text)});
  }

  void take_line(std::string_view line) {
    const auto words = split(line);
    if (depth_at_begin_ == 0) {
      take_statement(words, line);
    } else {
      take_reply(words);
    }
    depth_at_begin_ = depth_;
  }

  // Also counts braces, and notes one that stands directly behind another.
  Words split(std::string_view line) {
    Words found;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (c == '#' || (c == '/' && i + 1 < line.size() && line[i + 1] == '/')) {
        break;
      }
      const int column = static_cast<int>(i) + 1;
      if (c == '"') {
        const auto end = std::min(line.find('"', i + 1), line.size());
        found.words.emplace_back(line.substr(i + 1, end - i - 1));
        found.columns.push_back(column);
        i = end;
      } else if (is_word(c)) {
        const auto* const end = std::find_if_not(line.begin() + i, line.end(), is_word);
        found.words.emplace_back(line.begin() + i, end);
        found.columns.push_back(column);
        i = static_cast<std::size_t>(end - line.begin()) - 1;
      } else if (c == '{' || c == '}') {
        count_brace(line, i);
      }
    }
    return found;
  }

  void count_brace(std::string_view line, std::size_t i) {
    depth_ += line[i] == '{' ? 1 : -1;
    if (depth_ < 0 || (line[i] == '{' && i > 0 && line[i - 1] == '{')) {
      complain(static_cast<int>(i) + 1, "syntax error");
      depth_ = std::max(depth_, 0);
    }
  }

  void take_statement(const Words& words, std::string_view line) {
    const auto& word = words.words;
    if (word.empty()) {
      return;
    }
    if (word[0] == "loadmodule" && word.size() > 1) {
      load(word[1], words.columns[1]);
    } else if (word[0] == "modparam" && word.size() > 3) {
      set(word[1], word[2], word[3]);
    } else if (word[0] == "children" || word[0] == "tcp_children") {
      set_children(words);
    } else if (word[0] == "log_stderror" && word.size() > 1) {
      config_.logs_to_stderr = word[1] == "yes" || word[1] == "1";
    } else if (word.size() > 1 && !word[0].ends_with("_file") && word[0] != "loadpath" &&
               line.find_first_of("=([{") == std::string_view::npos) {
      complain(words.columns[1], "syntax error");  // nothing but words is no statement
    }
  }

  void load(std::string name, int column) {
    name = name.substr(name.rfind('/') + 1);
    if (name.ends_with(".so")) {
      name.resize(name.size() - 3);
    }
    if (std::ranges::find(modules, name) == modules.end()) {
      complain(column, "failed to load module");
    }
  }

  void set(const std::string& module, const std::string& parameter, const std::string& value) {
    constexpr std::string_view stream = "unixs:";
    if (module == "jsonrpcs" && parameter == "fifo_name") {
      config_.rpc_fifo = value;
    } else if (module == "jsonrpcs" && parameter == "dgram_socket") {
      config_.rpc_datagrams = value;
    } else if (module == "ctl" && parameter == "binrpc" && value.starts_with(stream)) {
      config_.rpc_stream = value.substr(stream.size());
    }
  }

  void set_children(const Words& words) {
    int count = 0;
    const std::string text = words.words.size() > 1 ? words.words[1] : "";
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || stopped != text.data() + text.size()) {
      complain(words.columns.back(), "number expected");
    } else if (words.words[0] == "children") {
      config_.children = count;
    } else {
      config_.tcp_children = count;
    }
  }

  // Within a route: the reply to OPTIONS is the first one after the condition for it or, without
  // one, the first of all.
  void take_reply(const Words& words) {
    const auto& word = words.words;
    if (std::ranges::find(word, "OPTIONS") != word.end()) {
      asks_for_options_ = true;
    }
    const auto reply = std::ranges::find_if(word, [](const std::string& name) {
      return name == "sl_send_reply" || name == "send_reply" || name == "sl_reply";
    });
    if (word.end() - reply < 3 ||
        (!config_.options.replies.empty() && (!asks_for_options_ || has_options_))) {
      return;
    }
    SipReply found;
    std::from_chars((reply + 1)->data(), (reply + 1)->data() + (reply + 1)->size(), found.code);
    found.reason = *(reply + 2);
    config_.options.replies = {found};
    has_options_ = asks_for_options_;
  }

  std::string_view text_;
  KamailioConfig config_;
  int line_ = 0;
  int depth_ = 0;
  int depth_at_begin_ = 0;
  bool asks_for_options_ = false;
  bool has_options_ = false;
};

}  // namespace

KamailioConfig parse_kamailio_config(std::string_view text) { return Parser(text).parse(); }

}  // namespace sim
