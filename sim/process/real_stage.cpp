#include "sim/process/real_stage.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <system_error>

namespace sim {
namespace {

int number_of(Stream stream) { return stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO; }

}  // namespace

tl::unexpected<host::Error> failed(int errno_value) {
  return tl::unexpected(host::Error{.text = std::generic_category().message(errno_value)});
}

int RealStage::play(const Life& life) {
  const auto task = life(*this);
  task.start();
  return task.result();
}

void RealStage::use_signal(int number, SignalUse use) {
  uses_[number] = use;
  std::signal(number, use == SignalUse::ignored ? SIG_IGN : SIG_DFL);
  listen_to_signals();
}

std::optional<std::string> RealStage::variable(const std::string& name) const {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int RealStage::pid() const { return ::getpid(); }
std::uint32_t RealStage::user() const { return ::geteuid(); }
void RealStage::take_name(const std::string& name) { ::prctl(PR_SET_NAME, name.c_str()); }
host::TimePoint RealStage::now() const { return std::chrono::steady_clock::now(); }
std::time_t RealStage::wall_time() const { return std::time(nullptr); }

std::string RealStage::host_name() const {
  std::array<char, 256> name = {};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::vector<std::string> RealStage::own_addresses() const {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) {
    return {};
  }
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(first, ::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET &&
        (one->ifa_flags & IFF_UP) != 0U) {
      std::array<char, NI_MAXHOST> text = {};
      ::getnameinfo(one->ifa_addr, sizeof(sockaddr_in), text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST);
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

std::uint64_t RealStage::random() {
  std::uint64_t number = 0;
  (void)!::getrandom(&number, sizeof number, 0);
  return number;
}

void RealStage::close(Stream stream) {
  (void)!std::freopen("/dev/null", "w", stream == Stream::out ? stdout : stderr);
}

std::size_t RealStage::write_some(Stream stream, std::string_view text) {
  const ssize_t count = ::write(number_of(stream), text.data(), text.size());
  // A failed write is ignored; the process continues.
  return count < 0 && errno != EINTR ? text.size()
                                     : static_cast<std::size_t>(std::max<ssize_t>(count, 0));
}

void RealStage::lead_session() { ::setsid(); }

host::Result<void> RealStage::kill(int pid, int signal) {
  if (::kill(pid, signal) == 0) {
    return {};
  }
  auto error = failed(errno);
  if (errno == EPERM) {
    error.value().kind = host::ErrorKind::not_permitted;
  }
  return error;
}

host::Result<void> RealStage::enter_kernel(host::Duration /*duration*/) {
  return tl::unexpected(host::Error{.text = "a real process cannot be made to hang in the kernel"});
}

Task<void> RealStage::die(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::kill(::getpid(), signal);
  for (;;) {
    ::pause();
  }
  co_return;
}

}  // namespace sim
