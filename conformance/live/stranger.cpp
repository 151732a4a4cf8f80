#include "conformance/live/stranger.h"

#include "conformance/live/node.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

namespace live {
namespace {

constexpr unsigned nobody = 65534;

// A child that is nobody, and goes on until it is killed.
pid_t fork_as_nobody(const std::function<void()>& work) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (::setgid(nobody) == 0 && ::setuid(nobody) == 0) {
      work();
    }
    ::_exit(1);
  }
  return pid;
}

sockaddr_in loopback(int port) {
  return {.sin_family = AF_INET,
          .sin_port = htons(static_cast<std::uint16_t>(port)),
          .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
          .sin_zero = {}};
}

// proc(5), /proc/net/udp: "  sl  local_address ...", then "   0: 0100007F:13C4 ...".
std::vector<int> open_udp_ports() {
  std::ifstream table("/proc/net/udp");
  std::vector<int> ports;
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    constexpr int hexadecimal = 16;
    const auto address = line.find(": ") + 2;
    ports.push_back(std::stoi(line.substr(line.find(':', address) + 1), nullptr, hexadecimal));
  }
  return ports;
}

void spray(int spared_port) {
  const std::string response =
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060\r\nContent-Length: 0\r\n\r\n";
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (;;) {
    for (const int port : open_udp_ports()) {
      const auto to = loopback(port);
      if (port != spared_port) {
        (void)::sendto(socket, response.data(), response.size(), MSG_DONTWAIT,
                       reinterpret_cast<const sockaddr*>(&to), sizeof to);
      }
    }
    ::usleep(200);
  }
}

}  // namespace

std::vector<int> start_impostors(const cluster::Resource& resource, int count, Setuid setuid) {
  const std::string shell = "/tmp/impostor/kamailio";
  run_program({"install", "-D", "-m", setuid == Setuid::yes ? "4755" : "0755", "/bin/bash", shell});
  // -p: keep the rights of the program's owner.
  write_file("/tmp/impostor/script", "touch /tmp/ready.$$; while true; do sleep 1; done");
  std::vector<int> pids;
  for (int i = 0; i < count; ++i) {
    const int pid =
        start_program({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c",
                       R"(exec -a /usr/sbin/kamailio "$1" -p /tmp/impostor/script -P "$2")",
                       "impostor", shell, pid_file_of(resource)});
    if (!eventually([&] { return exists("/tmp/ready." + std::to_string(pid)); })) {
      throw std::runtime_error("the impostor does not start");
    }
    pids.push_back(pid);
  }
  return pids;
}

int start_udp_rival(int port) {
  const pid_t pid = fork_as_nobody([&] {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    const auto address = loopback(port);
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      write_file("/tmp/rival", "");
      ::pause();
    }
  });
  if (!eventually([] { return exists("/tmp/rival"); })) {
    throw std::runtime_error("the rival cannot have the port");
  }
  return pid;
}

Sprayer::Sprayer(int spared_port) : pid_(fork_as_nobody([&] { spray(spared_port); })) {}

Sprayer::~Sprayer() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace live
