#include "agent/posix/port_sockets.h"

#include "agent/posix/descriptor.h"
#include "agent/posix/socket_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace posix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string header =
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode ref pointer drops\n";

std::string line(const std::string& local, const std::string& remote, int user, int inode) {
  return " 1234: " + local + " " + remote + " 07 00000000:00000000 00:00000000 00000000 " +
         std::to_string(user) + "        0 " + std::to_string(inode) + " 2 0000000000000000 0\n";
}

// 5060 is 13C4 in hexadecimal digits.
TEST(UdpTable, TellsTheSocketsAtAPort) {
  const auto table = header + line("0100007F:13C4", "00000000:0000", 0, 11) +
                     line("0200007F:13C4", "00000000:0000", 65534, 12) +
                     line("00000000:13C4", "00000000:0000", 7, 13);
  EXPECT_THAT(sockets_in(table, 5060),
              ElementsAre(PortSocket{.address = "0100007F", .user = 0, .inode = 11},
                          PortSocket{.address = "0200007F", .user = 65534, .inode = 12},
                          PortSocket{.address = "00000000", .user = 7, .inode = 13}));
}

TEST(UdpTable, TellsNoSocketOfAnotherPortOrWithAPeer) {
  const auto table = header + line("0100007F:13C5", "00000000:0000", 0, 12) +
                     line("0100007F:13C4", "0100007F:8000", 0, 13) +
                     line("0100007F:8000", "0100007F:13C4", 0, 14);
  EXPECT_THAT(sockets_in(table, 5060), IsEmpty());
}

TEST(UdpTable, KnowsIpv6) {
  const std::string loopback = "00000000000000000000000001000000";
  const auto table =
      header + line(loopback + ":13C4", "00000000000000000000000000000000:0000", 108, 11);
  EXPECT_THAT(sockets_in(table, 5060),
              ElementsAre(PortSocket{.address = loopback, .user = 108, .inode = 11}));
}

TEST(UdpTable, MayHaveInvalidLines) {
  for (const std::string table : {"", "\n\n", ":13C4\n", "a 0100007F:13C4 b\n",
                                  " 1: 0100007F:13C4 00000000:0000 07 0:0 0:0 0 x 0 y\n"}) {
    EXPECT_THAT(sockets_in(table, 5060), IsEmpty()) << table;
  }
}

class UdpRivals : public ::testing::Test {
 protected:
  // A socket with SO_REUSEADDR; the first one gets a free port.
  Descriptor bind(const std::string& address) {
    const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    Descriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const auto wanted =
        address_of({.kind = host::Endpoint::Kind::udp, .address = address, .port = port_});
    if (!wanted || ::bind(socket.get(), wanted->get(), wanted->size) != 0) {
      ADD_FAILURE() << "cannot bind " << address;
    }
    SocketAddress bound{.size = sizeof(sockaddr_storage)};
    ::getsockname(socket.get(), bound.get(), &bound.size);
    port_ = endpoint_of(host::Endpoint::Kind::udp, bound).port;
    return socket;
  }

  // Another process that has sockets there, until this object ends.
  class OtherProcess {
   public:
    explicit OtherProcess(const std::function<std::vector<Descriptor>()>& bind) {
      auto ready = *make_pipe();
      auto life = *make_pipe();
      pid_ = ::fork();  // NOLINT(cppcoreguidelines-prefer-member-initializer): behind the pipes
      if (pid_ == 0) {
        life.write_end.reset();
        const auto sockets = bind();  // NOLINT(clang-analyzer-deadcode.DeadStores): stay open
        ready.write_end.reset();
        char byte = 0;
        ::_exit(static_cast<int>(::read(life.read_end.get(), &byte, 1)));
      }
      ready.write_end.reset();
      char byte = 0;
      (void)!::read(ready.read_end.get(), &byte, 1);
      life_ = std::move(life.write_end);
    }
    OtherProcess(const OtherProcess&) = delete;
    OtherProcess& operator=(const OtherProcess&) = delete;
    ~OtherProcess() {
      life_.reset();
      ::waitpid(pid_, nullptr, 0);
    }

    [[nodiscard]] int pid() const { return pid_; }

   private:
    pid_t pid_ = 0;
    Descriptor life_;
  };

  OtherProcess start_other(const std::string& address, int sockets = 1) {
    return OtherProcess([&] {
      std::vector<Descriptor> bound;
      while (std::ssize(bound) < sockets) {
        bound.push_back(bind(address));
      }
      return bound;
    });
  }

  // The rivals of the server, which is this process by default.
  [[nodiscard]] std::vector<host::Rival> rivals(int owner = ::getpid()) const {
    const auto rivals = udp_rivals({.pid = owner}, port_);
    if (!rivals) {
      ADD_FAILURE() << rivals.error().text;
    }
    return rivals.value_or(std::vector<host::Rival>());
  }

 private:
  std::uint16_t port_ = 0;
};

TEST_F(UdpRivals, AreNoneBesideTheOnlySocket) {
  const auto socket = bind("127.0.0.1");
  EXPECT_THAT(rivals(), IsEmpty());
}

TEST_F(UdpRivals, AreNoneAmongTheServersSockets) {
  const auto one = bind("127.0.0.1");
  const auto other = bind("127.0.0.1");
  EXPECT_THAT(rivals(), IsEmpty());
}

TEST_F(UdpRivals, AreToldOnceForEachUserWithAProcess) {
  const auto server = bind("127.0.0.1");
  const auto other = start_other("127.0.0.1", 100);
  EXPECT_THAT(rivals(), ElementsAre(host::Rival{.pid = other.pid(), .user = ::geteuid()}));
}

TEST_F(UdpRivals, AreToldOverIpv6Too) {
  if (::access("/proc/net/if_inet6", R_OK) != 0) {
    GTEST_SKIP() << "there is no IPv6 here";
  }
  const auto server = bind("::1");
  EXPECT_THAT(rivals(), IsEmpty());
  const auto other = start_other("::1");
  EXPECT_THAT(rivals(), SizeIs(1));
}

// In a user namespace a user can have thousands of uids.
TEST_F(UdpRivals, AreTheFirstFewOfManyUsers) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can be many users";
  }
  const auto server = bind("127.0.0.1");
  const OtherProcess others([&] {
    std::vector<Descriptor> sockets;
    for (uid_t user = 1000; user < 1020; ++user) {
      sockets.push_back(::seteuid(user) == 0 ? bind("127.0.0.1") : Descriptor());
      (void)!::seteuid(0);
    }
    return sockets;
  });
  EXPECT_THAT(rivals(), SizeIs(5));
}

TEST_F(UdpRivals, AreThoseAtAnyAddressOfTheServer) {
  const auto one = bind("127.0.0.1");
  const auto two = bind("127.0.0.2");
  const auto other = start_other("127.0.0.2");
  EXPECT_THAT(rivals(), SizeIs(1));
}

TEST_F(UdpRivals, AreNotThereWhereTheServerHasNoSocket) {
  const auto server = bind("127.0.0.1");
  const auto neighbour = start_other("127.0.0.2");
  EXPECT_THAT(rivals(), IsEmpty()) << "another address";
  const auto other = start_other("127.0.0.1");
  EXPECT_THAT(rivals(1), IsEmpty()) << "process 1 has no socket at the port";
}

TEST_F(UdpRivals, AreNotThereWhereTheServerIsMoreSpecific) {
  const auto exact = bind("127.0.0.1");
  const auto other = start_other("0.0.0.0");
  EXPECT_THAT(rivals(), IsEmpty());
}

TEST(PortHolders, AreThoseThatListenAtWhateverAddress) {
  const posix::Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(listener.get(), 1), 0);  // at 0.0.0.0 and a free port
  SocketAddress bound{.size = sizeof(sockaddr_storage)};
  ::getsockname(listener.get(), bound.get(), &bound.size);
  const auto port = endpoint_of(host::Endpoint::Kind::tcp, bound).port;
  const host::Rival self = {.pid = ::getpid(), .user = ::geteuid()};
  EXPECT_THAT(holders_of(host::Endpoint::Kind::tcp, port).value(), ElementsAre(self));
  EXPECT_THAT(holders_of(host::Endpoint::Kind::udp, port).value(), IsEmpty());
}

// A client with this local port prevents a server from binding it.
TEST(PortHolders, AreThoseThatHaveAConnectionFromItIfNobodyListens) {
  const posix::Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  SocketAddress there{.size = sizeof(sockaddr_storage)};
  ::getsockname(listener.get(), there.get(), &there.size);
  const posix::Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.get(), there.get(), there.size), 0);
  SocketAddress here{.size = sizeof(sockaddr_storage)};
  ::getsockname(client.get(), here.get(), &here.size);
  const auto port = endpoint_of(host::Endpoint::Kind::tcp, here).port;
  const host::Rival self = {.pid = ::getpid(), .user = ::geteuid()};
  EXPECT_THAT(holders_of(host::Endpoint::Kind::tcp, port).value(), ElementsAre(self));
}

TEST_F(UdpRivals, AreThoseThatAreMoreSpecificThanTheServer) {
  const auto any = bind("0.0.0.0");
  const auto other = start_other("127.0.0.1");
  EXPECT_THAT(rivals(), SizeIs(1));
}

}  // namespace
}  // namespace posix
