#include "conformance/live/node.h"

#include "agent/posix/spawn.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace live {
namespace {

posix::Environment program_environment() {
  return {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
          {"HOME", "/root"},
          {"LC_ALL", "C"},
          {"TERM", "dumb"}};
}

[[noreturn]] void become(std::vector<std::string> arguments, int output) {
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  auto lines = posix::environment_lines(program_environment());
  ::execvpe(arguments.front().c_str(), posix::pointers_to(arguments).data(),
            posix::pointers_to(lines).data());
  ::_exit(127);
}

}  // namespace

const cluster::Cluster& agent() {
  static const cluster::Cluster under_test = [] {
    const char* const chosen = std::getenv("AGENT");
    return cluster::Cluster(chosen != nullptr ? chosen : BUILT_AGENT);
  }();
  return under_test;
}

std::string config_text(const Config& config) {
  std::ostringstream text;
  text << "#!KAMAILIO\n"
          "debug=2\nlog_stderror=no\nchildren=2\ntcp_children=2\nauto_aliases=no\n"
       << config.listen << "\n"
       << "loadmodule \"sl.so\"\nloadmodule \"pv.so\"\nloadmodule \"textops.so\"\n"
          "loadmodule \"tm.so\"\nloadmodule \"kex.so\"\nloadmodule \"jsonrpcs.so\"\n"
          "modparam(\"jsonrpcs\", \"transport\", "
       << (config.has_fifo ? 2 : 0) + (config.dgram_socket.empty() ? 0 : 4) << ")\n";
  if (!config.dgram_socket.empty()) {
    text << R"(modparam("jsonrpcs", "dgram_socket", ")" << config.dgram_socket << "\")\n";
  }
  if (!config.ctl_socket.empty()) {
    text << "loadmodule \"ctl.so\"\nmodparam(\"ctl\", \"binrpc\", \"unixs:" << config.ctl_socket
         << "\")\n";
  }
  if (config.has_fifo) {
    text << "modparam(\"jsonrpcs\", \"fifo_name\", \"/run/kamailio/kamailio_rpc.fifo\")\n";
  }
  text << config.extra << R"(
request_route {
  if (is_method("OPTIONS") && $ru =~ "sip:monitor@.*") {
    sl_send_reply("200", "Kamailio is alive");
    exit;
  }
  sl_send_reply("404", "Not here");
  exit;
}
)";
  return text.str();
}

void add_to_route(const std::string& conffile, const std::string& statements) {
  const std::string begin = "request_route {\n";
  auto text = read_file(conffile);
  write_file(conffile, text.insert(text.find(begin) + begin.size(), statements + "\n"));
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  if (!file.flush()) {
    throw std::runtime_error("cannot write " + path);
  }
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

cluster::Resource make_resource(const std::string& name, int port, const Config& config) {
  const std::string conffile = "/etc/kamailio/" + name + ".cfg";
  write_file(conffile, config_text(config));
  cluster::Resource resource{.name = name,
                             .parameters = {{"listen_address", "127.0.0.1"},
                                            {"port", std::to_string(port)},
                                            {"conffile", conffile},
                                            {"kamctlrc", ""}}};
  if (const char* const probe = std::getenv("PROBE"); probe != nullptr) {
    resource.parameters.emplace("probe", probe);
  }
  return resource;
}

cluster::Resource make_resource_of_kamailio(const std::string& name, int port) {
  return make_resource(name, port).with("kamuser", "kamailio");
}

cluster::Resource make_resource_with_kamctl(const std::string& name, int port) {
  write_file("/etc/kamailio/kamctlrc", "");
  // The stock agent looks for kamctl only there.
  return make_resource(name, port, {.has_fifo = true})
      .without("kamctlrc")
      .with("kamctl", "/usr/sbin/kamctl");
}

void signal_all(const cluster::Resource& resource, int signal) {
  for (const int pid : processes_of(resource)) {
    ::kill(pid, signal);
  }
}

std::vector<int> twins_of(const cluster::Resource& resource) {
  auto pids = node::all_pids();
  std::erase_if(pids, [&](int pid) {
    return !node::is_of(resource, pid) || !node::is_in_inner_namespace(pid);
  });
  return pids;
}

int start_look_alike(const cluster::Resource& resource, const std::string& script) {
  const auto given = resource.parameters.find("binary");
  const std::string binary =
      given != resource.parameters.end() ? given->second : "/usr/sbin/kamailio";
  const std::string shell = "/tmp/look-alike" + binary.substr(binary.rfind('/'));
  run_program({"install", "-D", "/bin/bash", shell});
  // Uses a file, because with the option -c the process would look like a check of a configuration.
  write_file("/tmp/look-alike/script", script);
  const int pid =
      start_program({"bash", "-c", R"(exec -a "$1" "$2" /tmp/look-alike/script -P "$3")",
                     "look-alike", binary, shell, pid_file_of(resource)});
  if (!eventually([] { return exists("/tmp/ready"); })) {
    throw std::runtime_error("the look-alike does not start");
  }
  return pid;
}

std::future<cluster::Result> run_in_background(const cluster::Resource& resource,
                                               const cluster::Operation& operation) {
  return std::async(std::launch::async,
                    [resource, operation] { return agent().run(resource, operation); });
}

bool exists(const std::string& path) {
  struct stat status = {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::vector<std::string> entries_of(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

int run_program(const std::vector<std::string>& arguments, std::string* output) {
  // Uses a file instead of a pipe, since a daemon may keep it open.
  const int file = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(arguments, file);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (output != nullptr) {
    std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
    if (::pread(file, text.data(), text.size(), 0) >= 0) {
      *output += text;
    }
  }
  ::close(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int start_program(const std::vector<std::string>& arguments) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(arguments, ::open("/dev/null", O_WRONLY));
  }
  return pid;
}

std::string leftovers_of(const cluster::Resource& resource) {
  std::ostringstream left;
  for (const int pid : processes_of(resource)) {
    left << "process " << pid << "; ";
  }
  const auto pid_file = pid_file_of(resource);
  if (exists(pid_file)) {
    left << "file " << pid_file << "; ";
  }
  const auto directory = pid_file.substr(0, pid_file.rfind('/'));
  if (!resource.parameters.contains("pidfile") && exists(directory)) {
    left << "directory " << directory << "; ";
  }
  for (const auto& entry : entries_of("/tmp")) {
    if (entry.starts_with("kamailio_receiver_")) {
      left << "FIFO /tmp/" << entry << "; ";
    }
  }
  for (const int pid : node::all_pids()) {
    const auto name = node::name_of(pid);
    if (name == "sipsak" || name == "kamctl") {
      left << "helper " << name << " " << pid << "; ";
    }
  }
  return left.str();
}

}  // namespace live
