// Manipulations of the PID file by the user of the service, while Kamailio writes the file as root.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"
#include "conformance/live/stranger.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace live {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string precious = "/etc/kamailio/precious";

void expect_untouched() {
  struct stat status = {};
  ASSERT_EQ(::stat(precious.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
  EXPECT_EQ(read_file(precious), "precious\n");
}

TEST(PidFile, OfTheDefaultDirectoryCannotBeTurnedIntoAnotherFileByTheUserOfTheService) {
  const auto resource = make_resource("p_kam", 5060).with("kamuser", "kamailio");
  const std::string directory = "/run/kamailio_p_kam";
  write_file(precious, "precious\n");
  for (int round = 0; round < 15; ++round) {
    // In the state that an older version left.
    ASSERT_EQ(run_program({"install", "-d", "-o", "kamailio", "-g", "kamailio", directory}), 0);
    const auto pid_file = pid_file_of(resource);
    const Stranger attacker(
        "kamailio", [] {},
        [&] {
          for (int i = 0; i < 1000; ++i) {
            ::unlink(pid_file.c_str());
            (void)!::symlink(precious.c_str(), pid_file.c_str());
          }
        });
    ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
    ASSERT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
    expect_untouched();
  }
}

TEST(PidFile, InADirectoryOfTheServiceIsRefused) {
  const auto resource = make_resource("p_kam", 5060)
                            .with("kamuser", "kamailio")
                            .with("pidfile", "/run/kamailio/kamailio.pid");
  const auto start = agent().run(resource, {.action = "start"});
  EXPECT_EQ(start.code, 2);
  EXPECT_THAT(start.reason, HasSubstr("/run/kamailio belongs to uid"));
  EXPECT_THAT(processes_of(resource), IsEmpty());
}

}  // namespace
}  // namespace live
