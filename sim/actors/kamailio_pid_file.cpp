#include "sim/actors/kamailio_pid_file.h"

#include "sim/actors/kamailio_log.h"

#include <optional>
#include <sstream>
#include <string>

namespace sim {
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

  // Nothing if it cannot be opened; a directory can, and is empty.
  std::optional<std::string> text_of_old_one() {
    const auto file = me_.file(path());
    if (file && file->type == StageFile::Type::directory) {
      return "";
    }
    const auto text = me_.read_file(path());
    return text ? std::optional(*text) : std::nullopt;
  }

  // Whoever it is: a zombie, another user's process; and 0 is the own group.
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
      (void)co_await me.next();  // nothing but a signal, and that ends it
    }
  }
  co_return Claim(me, server).make();
}

}  // namespace sim
