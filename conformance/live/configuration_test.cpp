// Common configurations of new users.

#include "conformance/live/fixtures.h"
#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace live {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

cluster::Resource first_resource() {
  return make_resource("p_kam", 5060)
      .with("conffile", "/etc/kamailio/kamailio.cfg")
      .with("probe", "builtin")
      .with("probe_accept", "any")
      .with("kamctlrc", "none");
}

void expect_life(const cluster::Resource& resource) {
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .check_level = 20}), succeeds());
  signal_all(resource, SIGSTOP);
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = std::chrono::seconds(4)}),
              fails(1, HasSubstr("is stopped")));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

class Configuration : public ::testing::TestWithParam<std::string> {};

TEST_P(Configuration, LivesItsLifeAsItIs) {
  const FixtureDirectory fixtures("configurations");
  const auto config = fixtures.read(GetParam() + ".cfg");
  if (const auto module = header_of(config, "needs"); !module.empty() && !has_module(module)) {
    GTEST_SKIP() << "the module " << module << " is not installed";
  }
  fixtures.copy_all_to("/etc/kamailio");
  ASSERT_EQ(run_program({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                         "-subj", "/CN=localhost", "-keyout", "/etc/kamailio/key.pem", "-out",
                         "/etc/kamailio/certificate.pem"}),
            0);
  std::filesystem::create_directory("/run/kamailio");
  auto resource = first_resource();
  write_file("/etc/kamailio/kamailio.cfg", config);
  if (const auto parameter = header_of(config, "parameters"); !parameter.empty()) {
    const auto equals = parameter.find('=');
    resource = resource.with(parameter.substr(0, equals), parameter.substr(equals + 1));
  }
  expect_life(resource);
}

INSTANTIATE_TEST_SUITE_P(AsPeopleHaveThem, Configuration,
                         ::testing::ValuesIn(FixtureDirectory("configurations").configurations()),
                         [](const auto& test) { return name_of_test_of(test.param); });

TEST(ConfigurationOfDebian, LivesItsLifeAsItIs) {
  auto resource = first_resource();
  write_file("/etc/kamailio/kamailio.cfg", read_file("/etc/kamailio/package/kamailio.cfg"));
  ASSERT_THAT(read_file("/etc/kamailio/kamailio.cfg"), HasSubstr("request_route"));
  std::filesystem::create_directory("/run/kamailio");
  expect_life(resource.with("kamuser", "kamailio"));
}

}  // namespace
}  // namespace live
