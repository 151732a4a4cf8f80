#include "conformance/node/network.h"

#include "agent/posix/descriptor.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <system_error>

namespace node {
namespace {

ifreq request_for(std::string_view interface) {
  ifreq request = {};
  std::copy_n(interface.data(), std::min<std::size_t>(interface.size(), IFNAMSIZ - 1),
              std::begin(request.ifr_name));
  return request;
}

void set(const posix::Descriptor& socket, unsigned long what, ifreq& request) {
  if (::ioctl(socket.get(), what, &request) != 0) {
    throw std::system_error(errno, std::generic_category(), request.ifr_name);
  }
}

void set_address(const posix::Descriptor& socket, unsigned long what, ifreq request,
                 const std::string& address) {
  sockaddr_in where = {};
  where.sin_family = AF_INET;
  if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1) {
    throw std::system_error(EINVAL, std::generic_category(), address);
  }
  std::memcpy(&request.ifr_addr, &where, sizeof where);
  set(socket, what, request);
}

}  // namespace

void make_network(const std::vector<std::string>& addresses) {
  const posix::Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  auto loopback = request_for("lo");
  loopback.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
  set(socket, SIOCSIFFLAGS, loopback);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto alias = request_for("lo:" + std::to_string(i + 1));
    set_address(socket, SIOCSIFADDR, alias, addresses[i]);
    set_address(socket, SIOCSIFNETMASK, alias, "255.255.255.255");
  }
}

}  // namespace node
