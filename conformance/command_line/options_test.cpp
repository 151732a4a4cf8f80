#include "conformance/command_line/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;

tl::expected<Options, Instead> read(std::vector<const char*> words) {
  words.insert(words.begin(), "ocf-conformance");
  return read_options(static_cast<int>(words.size()), words.data(), {});
}

std::string refusal(std::vector<const char*> words) {
  const auto options = read(std::move(words));
  if (options) {
    return "not refused";
  }
  EXPECT_EQ(options.error().exit_code, 2);
  return options.error().text;
}

TEST(OptionsTest, TakeTheCommandLineOfOcfTester) {
  const auto options =
      read({"-n", "kam", "-o", "listen_address=192.168.0.1", "-o", "extra_options=-A x=y", "-vdX",
            "/usr/lib/ocf/resource.d/heartbeat/kamailio"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->resource, "kam");
  EXPECT_THAT(options->parameters,
              ElementsAre(Pair("extra_options", "-A x=y"), Pair("listen_address", "192.168.0.1")));
  EXPECT_TRUE(options->is_verbose && options->debugs && options->traces);
  EXPECT_EQ(options->agent, "/usr/lib/ocf/resource.d/heartbeat/kamailio");
  EXPECT_THAT(options->rigs, ElementsAre(Rig::contract));
}

TEST(OptionsTest, WithoutAnAgentTheScenariosAreSimulated) {
  EXPECT_THAT(read({})->rigs, ElementsAre(Rig::simulated));
}

TEST(OptionsTest, SeveralRigsAreNamedOneByOneOrAll) {
  EXPECT_THAT(read({"--rig", "live", "--rig", "fakes"})->rigs, ElementsAre(Rig::fakes, Rig::live));
  EXPECT_EQ(read({"--rig", "all"})->rigs.size(), 4U);
}

TEST(OptionsTest, RecordingsRunProgramsAndNoAgent) {
  EXPECT_THAT(read({"--recordings", "--rig", "all"})->rigs,
              ElementsAre(Rig::simulated, Rig::fakes, Rig::live));
  EXPECT_THAT(refusal({"--recordings", "--rig", "live", "ocf:heartbeat:Dummy"}),
              HasSubstr("leave ocf:heartbeat:Dummy out"));
  EXPECT_THAT(refusal({"--recordings", "--rig", "contract"}),
              HasSubstr("simulated, fakes or live"));
  EXPECT_TRUE(read({"--recordings", "--record", "--rig", "live"})->records);
  EXPECT_THAT(refusal({"--recordings", "--record"}), HasSubstr("--recordings --rig live"));
  EXPECT_THAT(refusal({"--record", "--rig", "live"}), HasSubstr("--recordings --rig live"));
}

TEST(OptionsTest, SayWhatIsWrongAndWhatIsAllowed) {
  EXPECT_THAT(refusal({"-o", "port"}), HasSubstr("invalid -o 'port': expected NAME=VALUE"));
  EXPECT_THAT(refusal({"-o", "=5060"}), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(refusal({"--second", "5070"}),
              HasSubstr("invalid --second '5070': expected NAME=VALUE"));
  EXPECT_THAT(refusal({"--rig", "real"}),
              HasSubstr("invalid --rig 'real': expected simulated, fakes"));
  EXPECT_THAT(refusal({"--profile", "me"}), HasSubstr("drbd-reactor"));
  EXPECT_THAT(refusal({"--rate", "0"}), HasSubstr("--rate"));
  EXPECT_THAT(refusal({"--jobs", "none"}), HasSubstr("--jobs"));
  EXPECT_THAT(refusal({"--rig", "simulated", "ocf:heartbeat:Dummy"}),
              HasSubstr("built into this program, not ocf:heartbeat:Dummy"));
  EXPECT_THAT(refusal({"-n", "a b", "a"}), HasSubstr("invalid -n 'a b': expected letters"));
  EXPECT_THAT(refusal({"-n", "", "a"}), HasSubstr("invalid -n ''"));
  EXPECT_THAT(refusal({"--nonsense"}), HasSubstr("--nonsense"));
}

// As from "$AGENT" in a script that does not set it.
TEST(OptionsTest, AnAgentThatIsLostIsNotOurs) {
  EXPECT_THAT(refusal({""}), HasSubstr("AGENT is empty"));
  EXPECT_THAT(refusal({"-n", "test", ""}), HasSubstr("AGENT is empty"));
  EXPECT_THAT(refusal({"-n", "test"}),
              HasSubstr("-n applies only to the checks of any agent: use --rig contract"));
  EXPECT_THAT(refusal({"--second", "port=1"}),
              HasSubstr("--second applies only to the checks of any agent"));
  EXPECT_TRUE(read({"-n", "test", "--rig", "contract"}));
}

TEST(OptionsTest, HelpTellsTheExitCodes) {
  const auto help = read({"--help"});
  ASSERT_FALSE(help);
  EXPECT_EQ(help.error().exit_code, 0);
  EXPECT_THAT(help.error().text, HasSubstr("Exit codes: 0"));
}

TEST(OptionsTest, VersionIsALine) {
  const auto version = read({"--version"});
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().exit_code, 0);
  EXPECT_THAT(version.error().text, ::testing::MatchesRegex("ocf-conformance [0-9.]+\n"));
}

TEST(OptionsTest, WhatANodeMakesOfItsOwnIsNeverShared) {
  for (const char* const directory :
       {"/", "/usr", "/usr/bin", "/run", "/etc", "/proc", "/dev", "/var/../usr/sbin", "/var/run"}) {
    EXPECT_THAT(refusal({"--share", directory, "ocf:heartbeat:Dummy"}),
                HasSubstr("; share a directory that does not overlap it"))
        << directory;
  }
  EXPECT_THAT(refusal({"--share", "/var/lib", "--share", "/var", "a"}),
              HasSubstr("/var/lib is already shared"));
  EXPECT_THAT(read({"--share", "/var/lib/../lib", "a"})->shared, ElementsAre("/var/lib"));
}

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
  EXPECT_THAT(find_agent("/usr").error(), EndsWith("is a directory: expected an executable file"));
  EXPECT_THAT(find_agent("/etc/passwd").error(), HasSubstr("executable file"));
}

}  // namespace
}  // namespace conformance
