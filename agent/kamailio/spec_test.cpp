#include "agent/kamailio/spec.h"

#include "agent/ocf/metadata.h"
#include "agent/ocf/testing/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using ocf::Required;
using ocf::testing::read_xml;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> names_of(const auto& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    names.push_back(row.name);
  }
  return names;
}

// The parameters of ocf_heartbeat_kamailio(7), in its order, and then the new ones.
TEST(TheParameterTable, HasTheParametersOfTheManualPageAndThenItsOwn) {
  EXPECT_THAT(
      names_of(agent_spec().parameters),
      ElementsAre("binary", "conffile", "pidfile", "monitoring_ip", "listen_address", "port",
                  "extra_options", "proto", "sipsak", "kamctl", "kamctlrc", "kamuser", "kamgroup",
                  "stop_grace", "probe", "probe_timeout", "probe_accept", "probe_uri", "rpc",
                  "watch", "watch_interval", "watch_depth_interval"));
}

TEST(TheParameterTable, HasTheDefaultsOfTheManualPage) {
  const auto default_of = [](const std::string& name) {
    return parameter_spec(name).default_value.value_or("");
  };
  EXPECT_EQ(default_of("binary"), "/usr/sbin/kamailio");
  EXPECT_EQ(default_of("conffile"), "/etc/kamailio/kamailio.cfg");
  EXPECT_EQ(default_of("pidfile"), "/var/run/kamailio_RESOURCE_ID/kamailio.pid");
  EXPECT_EQ(default_of("monitoring_ip"), "127.0.0.1");
  EXPECT_EQ(default_of("listen_address"), "");
  EXPECT_EQ(default_of("port"), "5060");
  EXPECT_EQ(default_of("extra_options"), "");
  EXPECT_EQ(default_of("proto"), "udptcp");
  EXPECT_EQ(default_of("sipsak"), "/usr/bin/sipsak");
  EXPECT_EQ(default_of("kamctl"), "/usr/bin/kamctl");
  EXPECT_EQ(default_of("kamctlrc"), "/etc/kamailio/kamctlrc");
  EXPECT_EQ(default_of("kamuser"), "");
  EXPECT_EQ(default_of("kamgroup"), "");
  EXPECT_EQ(default_of("stop_grace"), "");
}

TEST(TheParameterTable, HasTheValuesOfProto) {
  EXPECT_THAT(parameter_spec("proto").options,
              ElementsAre("udp", "tcp", "udptcp", "conf_udp", "conf_tcp", "conf_udptcp"));
}

// As with the stock agent, so that pcs and crmsh require it. Only conf_* works without.
TEST(TheParameterTable, RequiresOnlyTheAddress) {
  for (const auto& parameter : agent_spec().parameters) {
    EXPECT_EQ(parameter.required == Required::yes, parameter.name == "listen_address");
  }
}

// Two instances may share address and port over different transports.
TEST(TheParameterTable, LetsPcsSeeTwoInstancesOnOneListener) {
  for (const std::string_view name : {"listen_address", "port", "proto"}) {
    EXPECT_EQ(parameter_spec(name).unique_group, "listener");
  }
}

TEST(TheParameterTable, MakesReloadableWhatOnlyChecksAndStopsRead) {
  std::vector<std::string> reloadable;
  for (const auto& parameter : agent_spec().parameters) {
    if (parameter.reloadable == ocf::Reloadable::yes) {
      reloadable.push_back(parameter.name);
    }
  }
  EXPECT_THAT(reloadable,
              UnorderedElementsAre("monitoring_ip", "sipsak", "kamctl", "kamctlrc", "stop_grace",
                                   "probe", "probe_timeout", "probe_accept", "probe_uri", "rpc",
                                   "watch", "watch_interval", "watch_depth_interval"));
}

TEST(TheParameterTable, WantsAnotherPidFileAndRpcSocketForEachInstance) {
  EXPECT_NE(parameter_spec("pidfile").unique_group, "");
  EXPECT_NE(parameter_spec("rpc").unique_group, "");
  EXPECT_NE(parameter_spec("rpc").unique_group, parameter_spec("pidfile").unique_group);
}

// An instance that was configured for the stock agent gets the same checks.
TEST(TheParameterTable, LeavesTheHealthCheckAsItWasByDefault) {
  EXPECT_EQ(parameter_spec("probe").default_value, "sipsak");
  EXPECT_EQ(parameter_spec("probe").options, (std::vector<std::string>{"sipsak", "builtin"}));
  EXPECT_EQ(parameter_spec("probe_accept").default_value, "200");
  for (const auto* name : {"probe_timeout", "probe_uri", "rpc"}) {
    EXPECT_EQ(parameter_spec(name).default_value, std::nullopt) << name;
  }
}

TEST(TheParameterTable, DescribesEachParameter) {
  for (const auto& parameter : agent_spec().parameters) {
    EXPECT_NE(parameter.shortdesc, "") << parameter.name;
    EXPECT_NE(parameter.longdesc, "") << parameter.name;
  }
}

// Pacemaker treats parameters with these names as secrets.
TEST(TheParameterTable, HasNoNameThatToolsHideAsASecret) {
  EXPECT_THAT(names_of(agent_spec().parameters),
              Each(Not(::testing::AnyOf("password", "passwd", "user"))));
}

TEST(TheActionTable, HasAllActions) {
  EXPECT_THAT(names_of(agent_spec().actions),
              UnorderedElementsAre("start", "stop", "status", "monitor", "monitor", "reload-agent",
                                   "meta-data", "validate-all", "notify"));
}

TEST(TheActionTable, HasTheTimeoutsOfTheManualPage) {
  for (const auto& action : agent_spec().actions) {
    const std::string expected =
        action.name == "start"                                                         ? "60s"
        : action.name == "stop" || action.name == "monitor" || action.name == "status" ? "30s"
                                                                                       : "5s";
    EXPECT_EQ(action.timeout, expected) << action.name;
  }
}

TEST(TheActionTable, HasOnlyMonitoringRecur) {
  for (const auto& action : agent_spec().actions) {
    const bool recurs = action.name == "monitor" || action.name == "status";
    const std::string usual = action.depth == "20" ? "60s" : "10s";
    EXPECT_EQ(action.interval, recurs ? usual : "") << action.name;
  }
}

class TheMetadata : public ::testing::Test {
 protected:
  ocf::testing::XmlElement root_ = read_xml(ocf::metadata_xml(agent_spec()));
};

TEST_F(TheMetadata, IsOfThisAgent) {
  EXPECT_EQ(root_.attribute("name"), "kamailio");
  EXPECT_NE(root_.attribute("version"), "");
}

TEST_F(TheMetadata, HasEveryParameterOfTheTable) {
  const auto elements = root_.only("parameters").all("parameter");
  const auto& rows = agent_spec().parameters;
  ASSERT_EQ(elements.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(elements[i].attribute("name"), rows[i].name);
    EXPECT_EQ(elements[i].only("shortdesc").text, rows[i].shortdesc);
    EXPECT_THAT(elements[i].only("longdesc").text, HasSubstr(rows[i].longdesc));
    EXPECT_EQ(elements[i].only("content").attribute("default"),
              rows[i].default_value.value_or("(none)"));
  }
}

TEST_F(TheMetadata, HasEveryActionOfTheTable) {
  const auto elements = root_.only("actions").all("action");
  const auto& rows = agent_spec().actions;
  ASSERT_EQ(elements.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(elements[i].attribute("name"), rows[i].name);
    EXPECT_EQ(elements[i].attribute("timeout"), rows[i].timeout);
  }
}

// A cluster shell checks the type, and rejects values that the agent would accept.
TEST_F(TheMetadata, HasOnlyThePortAsANumber) {
  for (const auto& element : root_.only("parameters").all("parameter")) {
    EXPECT_EQ(element.only("content").attribute("type") == "integer",
              element.attribute("name") == "port")
        << element.attribute("name");
  }
}

TEST_F(TheMetadata, NamesEachValueOfProto) {
  for (const auto& element : root_.only("parameters").all("parameter")) {
    if (element.attribute("name") == "proto") {
      for (const auto& value : parameter_spec("proto").options) {
        EXPECT_THAT(element.only("longdesc").text, HasSubstr(value));
      }
    }
  }
}

TEST_F(TheMetadata, HasTheThreeDocumentedInstances) {
  EXPECT_THAT(root_.only("longdesc").text,
              AllOf(HasSubstr("192.168.159.128 proto=udptcp port=5060"),
                    HasSubstr("192.168.159.128 proto=udp port=5070"),
                    HasSubstr("192.168.159.128 proto=tcp port=5080"),
                    HasSubstr("conffile=/etc/kamailio/kamailio3.cfg\n"),
                    HasSubstr("probe=builtin rpc=unixd:/run/kamailio/rpc3.sock")));
}

TEST_F(TheMetadata, HasTheRouteThatAnswersHealthChecks) {
  EXPECT_THAT(root_.only("longdesc").text,
              HasSubstr(R"(if (is_method("OPTIONS") && $ru =~ "sip:monitor@.*") {)"));
}

TEST_F(TheMetadata, IsTheSameEachTime) {
  EXPECT_EQ(ocf::metadata_xml(agent_spec()), ocf::metadata_xml(agent_spec()));
}

}  // namespace
}  // namespace kamailio
