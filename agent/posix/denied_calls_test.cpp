#include "agent/posix/denied_calls.h"

#include "agent/posix/descriptor.h"
#include "agent/posix/socket_address.h"
#include "agent/posix/testing/own_process.h"

#include <gtest/gtest.h>

#include <linux/sched.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

namespace posix {
namespace {

using host::Denied;

// Checks the condition in a child process, since a denial is permanent.
bool holds(Denied denied, const std::function<bool()>& condition) {
  return testing::result_in_child([&] { return deny(denied) == 0 && condition() ? 0 : 1; }) == 0;
}

bool can_fork() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(0);
  }
  return child > 0 && ::waitpid(child, nullptr, 0) == child;
}

bool can_spawn() {
  std::string program = "/bin/true";
  std::array<char*, 2> arguments = {program.data(), nullptr};
  pid_t child = 0;
  int status = 0;
  return ::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments.data(), nullptr) == 0 &&
         ::waitpid(child, &status, 0) == child && status == 0;
}

bool can_start_threads() {
  bool has_run = false;
  std::thread([&] { has_run = true; }).join();
  return has_run;
}

Descriptor socket_of(int family, int type) {
  return Descriptor(::socket(family, type | SOCK_CLOEXEC, 0));
}

// Whether the socket can be bound to a free port, and whether it then has one.
bool binds(const Descriptor& socket, const std::string& address) {
  const auto any = address_of({.kind = host::Endpoint::Kind::udp, .address = address});
  return ::bind(socket.get(), any->get(), any->size) == 0;
}
bool has_port(const Descriptor& socket) {
  SocketAddress bound{.size = sizeof(sockaddr_storage)};
  ::getsockname(socket.get(), bound.get(), &bound.size);
  return endpoint_of(host::Endpoint::Kind::udp, bound).port != 0;
}

TEST(WithoutChildren, AProcessCannotForkForWantOfResources) {
  EXPECT_TRUE(holds(Denied::nothing, can_fork));
  EXPECT_TRUE(holds(Denied::children, [] { return !can_fork() && errno == EAGAIN; }));
}

TEST(WithoutChildren, AProcessCannotForkByTheNewerCall) {
  EXPECT_TRUE(holds(Denied::children, [] {
    clone_args arguments = {};
    arguments.exit_signal = SIGCHLD;
    return ::syscall(SYS_clone3, &arguments, sizeof arguments) == -1 && errno == ENOSYS;
  }));
}

TEST(WithoutChildren, AProcessCanRunProgramsAndThreads) {
  EXPECT_TRUE(holds(Denied::children, can_spawn));
  EXPECT_TRUE(holds(Denied::children, can_start_threads));
}

TEST(WithoutChildren, AProcessCanListen) {
  EXPECT_TRUE(holds(Denied::children, [] {
    const auto socket = socket_of(AF_INET, SOCK_STREAM);
    return binds(socket, "127.0.0.1") && has_port(socket) && ::listen(socket.get(), 1) == 0;
  }));
}

TEST(WithoutAddresses, AProcessBindsNothingAndDoesNotNotice) {
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    EXPECT_TRUE(holds(Denied::addresses, [type] {
      const auto socket = socket_of(AF_INET, type);
      return binds(socket, "127.0.0.1") && !has_port(socket);
    })) << type;
  }
}

TEST(WithoutAddresses, AProcessBindsNoIpv6Address) {
  if (::access("/proc/net/if_inet6", R_OK) != 0) {
    GTEST_SKIP() << "there is no IPv6 here";
  }
  EXPECT_TRUE(holds(Denied::addresses, [] {
    const auto socket = socket_of(AF_INET6, SOCK_DGRAM);
    return binds(socket, "::1") && !has_port(socket);
  }));
}

TEST(WithoutAddresses, AProcessListensOnAFreePort) {
  EXPECT_TRUE(holds(Denied::addresses, [] {
    const auto socket = socket_of(AF_INET, SOCK_STREAM);
    return binds(socket, "127.0.0.1") && ::listen(socket.get(), 1) == 0 && has_port(socket);
  }));
}

TEST(WithoutAddresses, AProcessHasItsUnixSocketsAndChildren) {
  EXPECT_TRUE(holds(Denied::addresses, can_fork));
  EXPECT_TRUE(holds(Denied::addresses, [] {
    const auto socket = socket_of(AF_UNIX, SOCK_DGRAM);
    sockaddr_un place = {.sun_family = AF_UNIX, .sun_path = {}};
    const std::string name = "denied-calls-test-" + std::to_string(::getpid());
    std::memcpy(&place.sun_path[1], name.data(), name.size());  // an abstract one (unix(7))
    sockaddr_un bound = {};
    socklen_t size = sizeof bound;
    return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&place),
                  static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size())) == 0 &&
           ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size) == 0 &&
           size > sizeof bound.sun_family;
  }));
}

}  // namespace
}  // namespace posix
