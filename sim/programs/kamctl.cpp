#include "agent/base/number.h"
#include "sim/programs/kamctl_filters.h"
#include "sim/programs/programs.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sim {
namespace {

// The part of a shell that reads assignments.
class Shell {
 public:
  explicit Shell(Stage& me) : me_(me) {}

  // `. PATH`, if it is a file. An error ends the shell.
  void read(const std::string& path) {
    const auto file = me_.file(path);
    if (!file || file->type != StageFile::Type::regular || !problem_.empty()) {
      return;
    }
    const auto text = me_.read_file(path);
    if (!text) {
      problem_ = me_.arguments().front() + ": 44: .: cannot open " + path + ": " +
                 text.error().text + "\n";
      return;
    }
    std::istringstream lines(*text);
    int number = 0;
    for (std::string line; std::getline(lines, line) && problem_.empty();) {
      take(line, path, ++number);
    }
  }

  [[nodiscard]] std::string value_of(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? "" : found->second;
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void take(const std::string& line, const std::string& path, int number) {
    const auto begin = line.find_first_not_of(" \t");
    const auto equals = line.find('=');
    if (begin == std::string::npos || line[begin] == '#' || equals == std::string::npos) {
      return;
    }
    std::string value = line.substr(equals + 1);
    if (value.starts_with('(')) {
      problem_ = me_.arguments().front() + ": " + std::to_string(number) + ": " + path +
                 ": Syntax error: \"(\" unexpected\n";
    } else if (value.starts_with('"') || value.starts_with('\'')) {
      value = value.substr(1, value.find(value.front(), 1) - 1);
    } else {
      value = value.substr(0, value.find_first_of(" \t;"));
    }
    values_[line.substr(begin, equals - begin)] = value;
  }

  Stage& me_;
  std::map<std::string, std::string> values_;
  std::string problem_;
};

std::string usual_fifo(Stage& me) {
  const std::string first = "/var/run/kamailio/kamailio_rpc.fifo";
  const auto file = me.file(first);
  return file && file->type == StageFile::Type::fifo ? first : "/run/kamailio/kamailio_rpc.fifo";
}

// The settings from kamctlrc and ~/.kamctlrc.
struct KamctlSettings {
  std::string fifo;
  std::string database_engine;
  std::string problem = {};  // the error that ends the shell; empty: none
};

KamctlSettings read_kamctl_settings(Stage& me) {
  Shell shell(me);
  shell.read("/etc/kamailio/kamctlrc");
  shell.read(me.variable("HOME").value_or("") + "/.kamctlrc");
  KamctlSettings settings{.fifo = shell.value_of("RPCFIFOPATH"),
                          .database_engine = shell.value_of("DBENGINE"),
                          .problem = shell.problem()};
  if (settings.fifo.empty()) {
    settings.fifo = usual_fifo(me);
  }
  return settings;
}

using Json = nlohmann::ordered_json;
using Show = std::function<std::string(const std::string& reply)>;

// The background pipeline that reads one reply: each program reads the output of the previous one.
// The first is still the shell, until a writer opens the FIFO.
using Pipeline = std::vector<std::string>;

// The first process of the pipeline prints the result of all filters.
Task<int> read_reply(Stage& me, std::string name, std::string path, Show show) {
  me.take_name(name);
  const auto fifo = me.open_fifo(path);
  std::string reply;
  while (!Json::accept(reply)) {
    const auto event = co_await me.next();
    if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
      reply += bytes->bytes;
    }
  }
  co_await me.write(Stream::out, show(reply));
  co_return 0;
}

// The others end after the one before them.
Task<int> pass_on(Stage& me, std::string name, Descriptor input) {
  me.take_name(name);
  me.attend(input);
  for (;;) {
    const auto event = co_await me.next();
    if (std::holds_alternative<GotEnd>(event)) {
      co_return 0;
    }
  }
}

Task<int> sleep(Stage& me, std::chrono::seconds duration) {
  me.take_name("sleep");
  co_await me.rest(duration);
  co_return 0;
}

class Kamctl {
 public:
  Kamctl(Stage& me, KamctlProfile profile) : me_(me), profile_(profile) {}

  Task<int> run() {
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
    settings_ = read_kamctl_settings(me_);
    if (!settings_.problem.empty()) {
      co_await me_.write(Stream::err, settings_.problem);
      co_return 2;
    }
    if (const auto complaint = missing_tool(); !complaint.empty()) {
      co_await me_.write(Stream::out, complaint);
      co_return 0;  // the exit code of `exit` after a successful echo
    }
    // The package contains only this engine.
    if (const auto& engine = settings_.database_engine; !engine.empty() && engine != "DBTEXT") {
      co_await say("WARNING: database engine not found - tried '" + engine + "'");
    }
    co_return co_await obey();
  }

 private:
  Task<int> obey() {
    const std::string command = argument(1);
    if (command == "monitor" || command == "moni" || command == "console" || command == "con") {
      co_return co_await monitor(argument(2));
    }
    if (command == "uptime") {
      co_return co_await print_reply("core.uptime", "");
    }
    if (command == "ps") {
      co_return co_await print_reply("core.psx", "");
    }
    if (command == "stats") {
      co_return co_await print_reply("stats.get_statistics", "all");
    }
    if (command == "rpc" && !argument(2).empty()) {
      co_return co_await print_reply(argument(2), argument(3));
    }
    co_await me_.write(Stream::out, argument(0) +
                                        " 5.6.0\n\nExisting commands:\n\n"
                                        " -- command 'monitor' - show internal status\n\n");
    co_return 1;
  }

  [[nodiscard]] std::string argument(std::size_t number) const {
    return number < me_.arguments().size() ? me_.arguments()[number] : "";
  }

  Task<void> say(std::string text) { co_await me_.write(Stream::out, "** " + text + "\n"); }

  [[nodiscard]] std::string missing_tool() {
    for (const auto& [tool, variable] : {std::pair("egrep", "EGREP"), std::pair("awk", "AWK")}) {
      if (!has_located(tool)) {
        return std::string("error: '") + tool + "' tool not found: set " + variable +
               " variable to correct tool path\n";
      }
    }
    return {};
  }

  // Looks in PATH, or in the usual directories.
  [[nodiscard]] bool has_located(const std::string& tool) {
    return has_in_path(tool) || me_.file("/usr/bin/" + tool) || me_.file("/bin/" + tool);
  }
  [[nodiscard]] bool has_in_path(const std::string& tool) {
    std::istringstream path(me_.variable("PATH").value_or(""));
    for (std::string directory; std::getline(path, directory, ':');) {
      if (me_.file(directory + "/" + tool)) {
        return true;
      }
    }
    return false;
  }

  Task<int> monitor(std::string count) {
    constexpr int failed = 1;
    const int opened = co_await open_fifo("monitor - error opening", failed, failed);
    if (opened != 0) {
      co_return opened;
    }
    const auto number = base::number_in<int>(count);
    int turns = number.value_or(-1);  // without end
    if (!count.empty() && !number) {
      co_await me_.write(Stream::err, argument(0) + ": 212: [: Illegal number: " + count + "\n");
      turns = 0;
    }
    for (int turn = 1; turn != turns + 1; ++turn) {
      co_await show_details(turn);
      if (turn != turns) {
        co_await wait_a_while();
      }
    }
    (void)me_.remove_file(reply_fifo());
    co_return 0;
  }

  Task<void> show_details(int turn) {
    const auto terminal = me_.variable("TERM").value_or("dumb");
    co_await me_.write(Stream::out,
                       (terminal == "dumb" ? "" : "\x1B[H\x1B[2J") + std::string("[cycle #: ") +
                           std::to_string(turn) +
                           "; if constant make sure server lives]\nKamailio Runtime Details: \n");
    const Pipeline for_version = {"kamctl", "kamctl", "awk", "expand", "grep", "awk"};
    co_await call("core.version", "", for_version, [](const std::string& reply) {
      constexpr int value = 4;
      return quoted_field(grep(expand(filter_json(reply)), {"result"}), value);
    });
    const Pipeline for_uptime = {"kamctl", "kamctl", "awk", "expand", "egrep", "sed"};
    co_await call("core.uptime", "", for_uptime,
                  [form = profile_.form](const std::string& reply) { return uptime(reply, form); });
    co_await me_.write(Stream::out, "\n");
  }

  static std::string uptime(const std::string& reply, KamctlProfile::Form form) {
    if (form == KamctlProfile::Form::current) {
      return unquoted(grep(expand(filter_json(reply)), {"now", "up_since", "uptime"}));
    }
    const auto json = Json::parse(reply, nullptr, /*allow_exceptions=*/false);
    const auto& result = json.value("result", Json::object());
    const auto since = result.value("up_since", std::string());
    return form == KamctlProfile::Form::older
               ? "Now: " + result.value("now", std::string()) + "\nUp since: " + since + "\n"
               : R"(  "up_since": ")" + since + "\",\n";
  }

  Task<void> wait_a_while() {
    const auto child = me_.fork([](Stage& me) {
      constexpr std::chrono::seconds watch_period(2);
      return sleep(me, watch_period);
    });
    co_await wait_for_children(child ? 1 : 0);
  }

  Task<int> print_reply(std::string method, std::string parameter) {
    constexpr int no_fifo = 2;
    constexpr int no_reply_fifo = 3;
    const int opened = co_await open_fifo("error opening", no_fifo, no_reply_fifo);
    if (opened != 0) {
      co_return opened;
    }
    const Pipeline for_all = {"kamctl", "kamctl", "awk", "expand"};
    co_await call(std::move(method), std::move(parameter), for_all,
                  [](const std::string& reply) { return expand(filter_json(reply)); });
    (void)me_.remove_file(reply_fifo());
    co_return 0;
  }

  [[nodiscard]] std::string reply_name() const {
    return "kamailio_receiver_" + std::to_string(me_.pid());
  }
  [[nodiscard]] std::string reply_fifo() const { return "/tmp/" + reply_name(); }

  // Looks for Kamailio's FIFO and creates its own. Returns the exit code of a failure, or 0.
  Task<int> open_fifo(std::string failed, int no_fifo, int no_reply_fifo) {
    (void)me_.remove_file(reply_fifo());
    if (!me_.may_write(settings_.fifo)) {
      co_await say("ERROR: Error opening Kamailio's FIFO " + settings_.fifo);
      co_await say(
          "ERROR: Make sure you have loaded the jsonrpcs module and set FIFO transport parameters");
      co_return no_fifo;
    }
    if (!has_in_path("mkfifo")) {
      co_await me_.write(Stream::err, argument(0) + ": 197: mkfifo: not found\n");
      co_await say("ERROR: " + failed + " read fifo " + reply_fifo());
      co_return no_reply_fifo;
    }
    constexpr unsigned mode = 0644;
    constexpr unsigned for_all = 0666;
    (void)me_.make_fifo(reply_fifo(), mode);
    (void)me_.set_mode(reply_fifo(), for_all);
    co_return 0;
  }

  // Blocks without end if the request is not read or not answered.
  Task<void> call(std::string method, std::string parameter, Pipeline readers, Show show) {
    const int count = start(readers, show);
    Json request = {{"jsonrpc", "2.0"}, {"method", method}};
    if (!parameter.empty()) {
      request["params"] = {parameter};
    }
    request["reply_name"] = reply_name();
    request["id"] = me_.pid();
    co_await write_into(settings_.fifo, request.dump() + "\n");
    co_await wait_for_children(count);
  }

  // The shell accepts a regular file as well as a FIFO.
  Task<void> write_into(std::string path, std::string text) {
    const auto file = me_.file(path);
    if (file && file->type == StageFile::Type::regular) {
      (void)me_.write_file(path, text);
      co_return;
    }
    const auto fifo = co_await me_.open_fifo_to_write(std::move(path));
    if (fifo) {
      (void)me_.send(*fifo, text);
      me_.close(*fifo);
    }
  }

  // The number of items.
  int start(const Pipeline& readers, const Show& show) {
    int count = 0;
    std::optional<Descriptor> input;
    for (const auto& name : readers) {
      const auto pipe = me_.make_pipe();
      const auto child = me_.fork([name, input, pipe, show, path = reply_fifo()](Stage& me) {
        me.close(pipe.reading);
        return input ? pass_on(me, name, *input) : read_reply(me, name, path, show);
      });
      count += child ? 1 : 0;
      me_.close(pipe.writing);
      if (input) {
        me_.close(*input);
      }
      input = pipe.reading;
    }
    me_.close(*input);
    return count;
  }

  Task<void> wait_for_children(int count) {
    while (count > 0) {
      const auto event = co_await me_.next();
      count -= std::holds_alternative<ChildEnded>(event) ? 1 : 0;
    }
  }

  Stage& me_;
  KamctlProfile profile_;
  KamctlSettings settings_;
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
