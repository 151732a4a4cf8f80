#include "conformance/command_line/agent_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace conformance {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(AgentFileTest, AnAgentIsFoundByItsNameBelowOcfRoot) {
  ::setenv("OCF_ROOT", "/nowhere", 1);
  const auto agent = find_agent("ocf:acme:widget");
  ::unsetenv("OCF_ROOT");
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error(), "/nowhere/resource.d/acme/widget: No such file or directory");
}

TEST(AgentFileTest, APathEndsInProviderAndType) {
  const auto agent = find_agent("/bin/../bin/sh");
  ASSERT_TRUE(agent) << agent.error();
  EXPECT_EQ(agent->path, "/bin/sh");
  EXPECT_EQ(agent->name.provider, "bin");
  EXPECT_EQ(agent->name.type, "sh");
}

TEST(AgentFileTest, WhatIsNoAgentIsNamed) {
  EXPECT_THAT(find_agent("ocf:Dummy").error(), HasSubstr("ocf:PROVIDER:TYPE"));
  EXPECT_THAT(find_agent("/usr").error(), EndsWith("is a directory and no agent"));
  EXPECT_THAT(find_agent("/etc/passwd").error(), HasSubstr("executable file"));
}

}  // namespace
}  // namespace conformance
