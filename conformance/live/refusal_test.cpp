// What the agent says of configurations with which a real Kamailio does not start.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace live {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::filesystem::path refusals = FIXTURES "/refusals";

std::vector<std::string> names_of_refusals() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(refusals)) {
    if (entry.path().extension() == ".cfg") {
      names.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(names);
  return names;
}

// What stands behind "# KEY: " in the first lines; empty if nothing does.
std::string header_of(const std::string& config, const std::string& key) {
  std::istringstream lines(config);
  const std::string start = "# " + key + ": ";
  for (std::string line; std::getline(lines, line) && line.starts_with('#');) {
    if (line.starts_with(start)) {
      return line.substr(start.size());
    }
  }
  return {};
}

bool has_module(const std::string& name) {
  const auto libraries = std::filesystem::directory_iterator("/usr/lib");
  return std::ranges::any_of(libraries, [&](const auto& library) {
    return exists(library.path().string() + "/kamailio/modules/" + name);
  });
}

class Refusal : public ::testing::TestWithParam<std::string> {};

TEST_P(Refusal, IsExplainedByItsCauseFirst) {
  const auto config = read_file(refusals / (GetParam() + ".cfg"));
  const auto module = header_of(config, "needs");
  if (!module.empty() && !has_module(module)) {
    GTEST_SKIP() << "the module " << module << " is not installed";
  }
  for (const auto* const file : {"broken.lua", "certificate.pem"}) {
    write_file(std::string("/etc/kamailio/") + file, read_file(refusals / file));
  }
  const auto resource = make_resource("p_kam", 5060)
                            .with("conffile", "/etc/kamailio/kamailio.cfg")
                            .with("extra_options", header_of(config, "extra_options"));
  write_file("/etc/kamailio/kamailio.cfg", config);
  const auto start = agent().run(resource, {.action = "start"});
  EXPECT_THAT(start.code, AnyOf(1, 2));
  EXPECT_THAT(start.reason, StartsWith(header_of(config, "cause") + "; "));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(OfARealKamailio, Refusal, ::testing::ValuesIn(names_of_refusals()),
                         [](const auto& refusal) {
                           auto name = refusal.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace live
