#include "sim/actors/kamctl_settings.h"

#include <map>
#include <optional>
#include <sstream>
#include <utility>

namespace sim {
namespace {

// A shell, as far as it reads assignments.
class Shell {
 public:
  explicit Shell(Stage& me) : me_(me) {}

  // `. PATH`, if it is a file. What goes wrong there is the end of the shell.
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

}  // namespace

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

}  // namespace sim
