// The cluster's tools with the installed agent.

#include "conformance/live/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* installed = "/usr/lib/ocf/resource.d/sip/kamailio";

class ClusterTools : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_program({"install", "-m", "755", agent().agent(), installed}), 0);
  }

  using Words = std::vector<std::string>;

  // The cluster configuration after `pcs resource create` of instances with these parameters.
  static std::string create_with_pcs(const std::vector<Words>& instances) {
    const std::string cib = "/tmp/cib.xml";
    std::string empty;
    EXPECT_EQ(run_program({"cibadmin", "--empty"}, &empty), 0);
    write_file(cib, empty);
    int number = 0;
    for (const auto& parameters : instances) {
      Words command = {"pcs",
                       "-f",
                       cib,
                       "resource",
                       "create",
                       "kamailio" + std::to_string(++number),
                       "ocf:sip:kamailio"};
      command.insert(command.end(), parameters.begin(), parameters.end());
      std::string output;
      EXPECT_EQ(run_program(command, &output), 0) << output;
      EXPECT_THAT(output, Not(HasSubstr("Warning")));
    }
    return read_file(cib);
  }
  static std::string create_with_pcs(const std::string& parameter) {
    return create_with_pcs(std::vector<Words>{{parameter}});
  }
};

TEST_F(ClusterTools, OcfTesterPasses) {
  const auto resource = make_resource("p_kam", 5060);
  std::vector<std::string> command = {"ocf-tester", "-n", resource.name};
  for (const auto& [name, value] : resource.parameters) {
    command.insert(command.end(), {"-o", name + "=" + value});
  }
  command.emplace_back(installed);
  std::string output;
  EXPECT_EQ(run_program(command, &output), 0) << output;
  EXPECT_THAT(output, HasSubstr("passed all tests"));
}

TEST_F(ClusterTools, PcsDescribesTheAgent) {
  std::string output;
  ASSERT_EQ(run_program({"pcs", "resource", "describe", "ocf:sip:kamailio"}, &output), 0) << output;
  EXPECT_THAT(output, HasSubstr("listen_address"));
  EXPECT_THAT(output, HasSubstr("192.168.159.128"));
}

// pcs and crmsh copy the operations of the meta-data into the configuration. With a check level of
// 0, a recurring monitor would only watch processes.
TEST_F(ClusterTools, PcsCreatesOneMonitorThatChecksEverything) {
  const auto cib = create_with_pcs("listen_address=192.168.159.128");
  EXPECT_THAT(cib, HasSubstr(R"(<op name="monitor" interval="10s" timeout="30s")"));
  EXPECT_THAT(cib, Not(HasSubstr(R"(name="OCF_CHECK_LEVEL" value="0")")));
}

// pcs requires listen_address, as for the stock agent, although it is not used here.
TEST_F(ClusterTools, PcsTakesAListenAddressWhereTheConffileHasIt) {
  EXPECT_THAT(
      create_with_pcs(std::vector<Words>{{"proto=conf_udp", "listen_address=192.168.159.128"}}),
      HasSubstr(R"(value="conf_udp")"));
}

// pcs refuses an empty value, which the manual page suggests for all instances but one.
TEST_F(ClusterTools, PcsCreatesTheThreeInstancesOfTheManualPage) {
  const Words place = {"listen_address=192.168.159.128", "monitoring_ip=192.168.159.128"};
  std::vector<Words> instances = {
      {"proto=udptcp", "port=5060"},
      {"proto=udp", "port=5070", "conffile=/etc/kamailio/kamailio2.cfg", "kamctlrc=none"},
      {"proto=tcp", "port=5080", "conffile=/etc/kamailio/kamailio3.cfg", "kamctlrc=none"}};
  for (auto& instance : instances) {
    instance.insert(instance.end(), place.begin(), place.end());
  }
  const auto cib = create_with_pcs(instances);
  for (const auto* const name : {"kamailio1", "kamailio2", "kamailio3"}) {
    EXPECT_THAT(cib, HasSubstr("<primitive id=\"" + std::string(name) + "\""));
  }
  EXPECT_THAT(cib, HasSubstr(R"(name="kamctlrc" value="none")"));
}

TEST_F(ClusterTools, CrmshDescribesTheAgent) {
  std::string output;
  ASSERT_EQ(run_program({"crm", "ra", "info", "ocf:sip:kamailio"}, &output), 0) << output;
  EXPECT_THAT(output, HasSubstr("listen_address"));
  EXPECT_THAT(output, HasSubstr("stop_grace"));
}

TEST_F(ClusterTools, PacemakerReadsTheMetaData) {
  std::string output;
  ASSERT_EQ(run_program({"crm_resource", "--show-metadata", "ocf:sip:kamailio"}, &output), 0);
  EXPECT_THAT(output, HasSubstr("<version>1.1</version>"));
  std::string agents;
  ASSERT_EQ(run_program({"crm_resource", "--list-agents", "ocf:sip"}, &agents), 0);
  EXPECT_THAT(agents, HasSubstr("kamailio"));
}

TEST_F(ClusterTools, TheMetaDataIsValidByTheSchemaThatPcsUses) {
  std::string metadata;
  ASSERT_EQ(run_program({installed, "meta-data"}, &metadata), 0);
  write_file("/tmp/metadata.xml", metadata);
  std::string output;
  EXPECT_EQ(run_program({"xmllint", "--noout", "--relaxng", "/usr/share/pcs/data/ocf-1.1.rng",
                         "/tmp/metadata.xml"},
                        &output),
            0)
      << output;
}

TEST_F(ClusterTools, TheAgentNeedsNothingButLibc) {
  std::string output;
  ASSERT_EQ(run_program({"ldd", installed}, &output), 0);
  EXPECT_THAT(output, HasSubstr("libc.so"));
  EXPECT_THAT(output, Not(HasSubstr("libstdc++")));
  EXPECT_THAT(output, Not(HasSubstr("libgcc")));
  EXPECT_THAT(output, Not(HasSubstr("libm.so")));
}

}  // namespace
}  // namespace live
