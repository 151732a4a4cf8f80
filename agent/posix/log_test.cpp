#include "agent/posix/log.h"

#include "agent/host/contract/log_contract.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace posix {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

class PosixLogWorld final : public host::contract::LogWorld {
 public:
  host::Log& log() override { return log_; }
  std::vector<std::string> logged_lines() override {
    return lines_of(testing::text_of_file(log_file()));
  }
  std::vector<std::string> error_lines(const std::function<void()>& act) override {
    const std::string path = directory_.path() + "/stderr";
    const Descriptor former(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    ::dup2(file.get(), STDERR_FILENO);
    act();
    ::dup2(former.get(), STDERR_FILENO);
    return lines_of(testing::text_of_file(path));
  }
  std::string exit_reason_prefix() override { return "ocf-exit-reason:"; }

  // A FIFO whose reader does not read.
  void jam_log() override {
    ::mkfifo(log_file().c_str(), 0600);
    fifo_ = Descriptor(::open(log_file().c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    const std::array<char, 4096> part = {};
    while (::write(fifo_.get(), part.data(), part.size()) > 0) {
    }
  }

 private:
  [[nodiscard]] std::string log_file() const { return directory_.path() + "/log"; }

  testing::TestDirectory directory_;
  Descriptor fifo_;
  PosixLog log_{ocf::LogSettings{.tag = "test", .log_file = log_file()}};
};

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<LogWorld> posix_log = {"posix",
                                          [] { return std::make_unique<posix::PosixLogWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, LogContract, testing::Values(posix_log));

}  // namespace host::contract
