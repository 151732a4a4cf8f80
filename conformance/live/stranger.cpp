#include "conformance/live/stranger.h"

#include "agent/posix/descriptor.h"
#include "conformance/live/node.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

namespace live {
namespace {

sockaddr_in place_of(int port, const std::string& address = "127.0.0.1") {
  return {.sin_family = AF_INET,
          .sin_port = htons(static_cast<std::uint16_t>(port)),
          .sin_addr = {.s_addr = ::inet_addr(address.c_str())},
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

}  // namespace

Stranger::Stranger(const std::string& user, const std::function<void()>& prepare,
                   const std::function<void()>& go_on) {
  const auto* const account = ::getpwnam(user.c_str());
  auto pipe = posix::make_pipe();
  pid_ = ::fork();  // NOLINT(cppcoreguidelines-prefer-member-initializer): behind the pipe
  if (pid_ == 0) {
    try {
      if (account != nullptr && ::setgid(account->pw_gid) == 0 && ::setuid(account->pw_uid) == 0) {
        prepare();
        (void)!::write(pipe->write_end.get(), "", 1);
        for (;;) {
          go_on();
          ::usleep(200);
        }
      }
    } catch (...) {
    }
    ::_exit(1);
  }
  pipe->write_end = {};
  char byte = 0;
  if (::read(pipe->read_end.get(), &byte, 1) != 1) {
    end();
    throw std::runtime_error("a process of " + user + " cannot do its work");
  }
}

void Stranger::end() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
}

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

void share_udp_port(int port, const std::string& address) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  const auto place = place_of(port, address);
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    throw std::runtime_error("the port cannot be shared");
  }
}

void spray_responses(int spared_port) {
  const std::string response =
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060\r\nContent-Length: 0\r\n\r\n";
  const posix::Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const int port : open_udp_ports()) {
    const auto to = place_of(port);
    if (port != spared_port) {
      (void)::sendto(socket.get(), response.data(), response.size(), MSG_DONTWAIT,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to);
    }
  }
}

}  // namespace live
