// The example of the manual page ocf_heartbeat_kamailio(7), word for word.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::IsEmpty;

class ThreeInstances : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file("/etc/kamailio/kamctlrc", "");
    write_file("/etc/kamailio/kamailio.cfg", config_text({.has_fifo = true}));
    write_file("/etc/kamailio/kamailio2.cfg", config_text({}));
    write_file("/etc/kamailio/kamailio3.cfg", config_text({}));
    instances_ = {{.name = "p_kam1",
                   .parameters = {{"listen_address", "192.168.159.128"},
                                  {"monitoring_ip", "192.168.159.128"},
                                  {"proto", "udptcp"},
                                  {"port", "5060"}}},
                  {.name = "p_kam2",
                   .parameters = {{"listen_address", "192.168.159.128"},
                                  {"monitoring_ip", "192.168.159.128"},
                                  {"proto", "udp"},
                                  {"port", "5070"},
                                  {"conffile", "/etc/kamailio/kamailio2.cfg"},
                                  {"kamctlrc", ""}}},
                  {.name = "p_kam3",
                   .parameters = {{"listen_address", "192.168.159.128"},
                                  {"monitoring_ip", "192.168.159.128"},
                                  {"proto", "tcp"},
                                  {"port", "5080"},
                                  {"conffile", "/etc/kamailio/kamailio3.cfg"},
                                  {"kamctlrc", ""}}}};
  }

  // The first `running` of them run and the others do not, and every monitor says so.
  void expect_running(std::size_t begin, std::size_t end) const {
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      EXPECT_THAT(agent().run(instances_[i], {.action = "monitor"}),
                  i >= begin && i < end ? succeeds() : is_not_running())
          << instances_[i].name;
    }
  }

  std::vector<cluster::Resource> instances_;  // NOLINT: GoogleTest's way
};

TEST_F(ThreeInstances, AreValid) {
  for (const auto& instance : instances_) {
    EXPECT_THAT(agent().run(instance, {.action = "validate-all"}), succeeds()) << instance.name;
  }
}

TEST_F(ThreeInstances, AreStartedMonitoredAndStoppedOneByOneWithoutTouchingEachOther) {
  std::vector<std::vector<int>> processes;
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    expect_running(0, i);
    ASSERT_THAT(agent().run(instances_[i], {.action = "start"}), succeeds()) << instances_[i].name;
    processes.push_back(processes_of(instances_[i]));
  }
  for (std::size_t i = 0; i < instances_.size(); ++i) {
    expect_running(i, instances_.size());
    EXPECT_THAT(agent().run(instances_[i], {.action = "stop"}), succeeds()) << instances_[i].name;
    EXPECT_THAT(leftovers_of(instances_[i]), IsEmpty());
    for (std::size_t other = i + 1; other < instances_.size(); ++other) {
      EXPECT_EQ(processes_of(instances_[other]), processes[other]) << instances_[other].name;
    }
  }
  expect_running(0, 0);
}

TEST_F(ThreeInstances, FailOneByOne) {
  for (const auto& instance : instances_) {
    ASSERT_THAT(agent().run(instance, {.action = "start"}), succeeds()) << instance.name;
  }
  signal_all(instances_[1], SIGKILL);
  ASSERT_TRUE(eventually([&] { return processes_of(instances_[1]).empty(); }));
  EXPECT_THAT(agent().run(instances_[0], {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(instances_[1], {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(instances_[2], {.action = "monitor"}), succeeds());
}

}  // namespace
}  // namespace live
