#include "agent/posix/network.h"

#include "agent/host/contract/network_contract.h"
#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/socket_peer.h"
#include "agent/posix/testing/test_directory.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace posix {
namespace {

using host::Endpoint;
using host::contract::Way;

std::set<int> open_descriptors() {
  std::set<int> descriptors;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    descriptors.insert(std::stoi(entry.path().filename()));
  }
  // Reading the directory used one descriptor.
  std::erase_if(descriptors, [](int descriptor) { return ::fcntl(descriptor, F_GETFD) < 0; });
  return descriptors;
}

class PosixNetworkWorld final : public host::contract::NetworkWorld {
 public:
  host::Network& network() override { return *network_; }
  host::Clock& clock() override { return clock_; }
  void renew_network() override { network_ = std::make_unique<PosixNetwork>(); }

  bool has(Way way) override {
    try {
      (void)testing::bind(way, new_path());
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }

  std::unique_ptr<host::contract::NetworkPeer> peer(Way way) override {
    return std::make_unique<testing::SocketPeer>(way, new_path());
  }

  // The world keeps the port, so that no other process listens there.
  Endpoint deserted(Way way) override {
    testing::Bound bound = testing::bind(way, new_path());
    if (way == Way::unix_datagram) {
      bound.socket.reset();
    } else if (testing::kind_of(way) == Endpoint::Kind::udp) {
      // Connected to itself, it hears nobody else.
      testing::check(::connect(bound.socket.get(), bound.address.get(), bound.address.size),
                     "connect");
    }
    kept_.push_back(std::move(bound.socket));
    return bound.endpoint;
  }

  Endpoint crowded(Way way) override {
    testing::Bound bound = testing::bind(way, new_path());
    testing::check(::listen(bound.socket.get(), 0), "listen");
    for (int visitor = 0; visitor < 4; ++visitor) {
      Descriptor socket = testing::new_socket(way, bound.address.storage.ss_family);
      testing::check(::fcntl(socket.get(), F_SETFL, O_NONBLOCK), "fcntl");
      (void)::connect(socket.get(), bound.address.get(), bound.address.size);
      kept_.push_back(std::move(socket));
    }
    kept_.push_back(std::move(bound.socket));
    return bound.endpoint;
  }

  std::string directory() override { return directory_.path(); }
  std::set<std::string> files_of_sockets() override {
    std::set<std::string> paths;
    for (const int descriptor : open_descriptors()) {
      testing::Address address;
      if (::getsockname(descriptor, address.get(), &address.size) == 0 &&
          address.storage.ss_family == AF_UNIX && address.size > sizeof(sa_family_t)) {
        // unix(7): an address that is no file begins with a null byte.
        const auto path = address.as<sockaddr_un>();
        paths.insert(&path.sun_path[0]);
      }
    }
    paths.erase("");
    return paths;
  }
  void make_private(const Endpoint& endpoint) override {
    testing::check(::chmod(endpoint.address.c_str(), 0600), endpoint.address);
  }

  bool has_root() override { return ::geteuid() == 0; }
  void as_ordinary_user(const std::function<void()>& act) override {
    testing::act_as_ordinary_user(testing::Ids::effective, act);
  }
  void while_signals_arrive(const std::function<void()>& act) override {
    const testing::Interruptions interruptions;
    act();
  }

 private:
  std::string new_path() { return directory_.path() + "/socket" + std::to_string(++last_path_); }

  testing::TestDirectory directory_;
  int last_path_ = 0;
  std::vector<Descriptor> kept_;
  PosixClock clock_;
  std::unique_ptr<PosixNetwork> network_ = std::make_unique<PosixNetwork>();
};

class PosixNetworkTest : public ::testing::Test {
 protected:
  void open_conversations(host::Network& network) {
    for (const auto& peer : peers_) {
      EXPECT_TRUE(network.open(peer->endpoint()));
    }
    EXPECT_TRUE(network.open(refusing_));
  }
  void fail_to_open_conversations(host::Network& network) {
    for (const auto& endpoint : dead_ends_) {
      EXPECT_FALSE(network.open(endpoint));
    }
  }

 private:
  PosixNetworkWorld world_;
  std::array<std::unique_ptr<host::contract::NetworkPeer>, 4> peers_ = {
      world_.peer(Way::udp_v4), world_.peer(Way::tcp_v4), world_.peer(Way::unix_datagram),
      world_.peer(Way::unix_stream)};
  std::array<Endpoint, 2> dead_ends_ = {world_.deserted(Way::unix_datagram),
                                        world_.deserted(Way::unix_stream)};
  Endpoint refusing_ = world_.deserted(Way::tcp_v4);
};

TEST_F(PosixNetworkTest, LeavesNoDescriptorsBehind) {
  const auto before = open_descriptors();
  {
    PosixNetwork network;
    open_conversations(network);
    EXPECT_NE(open_descriptors(), before);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(PosixNetworkTest, KeepsNoDescriptorOfAConversationThatFailedToOpen) {
  PosixNetwork network;
  fail_to_open_conversations(network);  // the first one takes some for all that follow
  const auto before = open_descriptors();
  fail_to_open_conversations(network);
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(PosixNetworkTest, LetsNoOtherProgramInheritItsDescriptors) {
  const auto before = open_descriptors();
  PosixNetwork network;
  open_conversations(network);
  for (const int descriptor : open_descriptors()) {
    if (!before.contains(descriptor)) {
      EXPECT_EQ(::fcntl(descriptor, F_GETFD), FD_CLOEXEC) << descriptor;
    }
  }
}

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<NetworkWorld> posix_network = {
    "posix", [] { return std::make_unique<posix::PosixNetworkWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, NetworkOpenContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, NetworkPermissionContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, NetworkLocalEndpointContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, NetworkWaitContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, ConversationsSideBySideContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, NetworkCloseContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, DatagramContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, StreamContract, testing::Values(posix_network));
INSTANTIATE_TEST_SUITE_P(Posix, StreamEndContract, testing::Values(posix_network));

}  // namespace host::contract
