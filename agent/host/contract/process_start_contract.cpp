#include "agent/host/contract/process_runner_contract.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace host::contract {

TEST_P(ProcessStartContract, GivesAnEmptyStandardInput) {
  for (auto& description : both()) {
    EXPECT_EQ(description["standard input"], "/dev/null");
  }
}

TEST_P(ProcessStartContract, GivesTheRootAsWorkingDirectory) {
  for (auto& description : both()) {
    EXPECT_EQ(description["working directory"], "/");
  }
}

TEST_P(ProcessStartContract, GivesNoDescriptorButTheStandardStreams) {
  world().open_descriptor_that_survives_exec();
  for (auto& description : both()) {
    EXPECT_EQ(description["descriptors"], "0 1 2 ");
  }
}

TEST_P(ProcessStartContract, GivesTheStandardStreamsEvenIfThisProcessHasNone) {
  std::vector<Description> descriptions;
  world().without_standard_streams([&] { descriptions = both(); });
  for (auto& description : descriptions) {
    EXPECT_EQ(description["descriptors"], "0 1 2 ");
    EXPECT_EQ(description["standard input"], "/dev/null");
  }
}

TEST_P(ProcessStartContract, GivesDefaultSignalHandling) {
  world().ignore_and_block_signals();
  for (auto& description : both()) {
    EXPECT_EQ(description["ignored signals"], "");
    EXPECT_EQ(description["blocked signals"], "");
  }
}

TEST_P(ProcessStartContract, GivesEachArgumentAsItIs) {
  const std::string text = "two words\n\"quoted\" $HOME `id` \\ * ~ ; & | \xff";
  const Script script = {{Act::write_out, ""}, {Act::write_out, text}};
  EXPECT_EQ(output_of(run(script)).out, text);
  EXPECT_EQ(output_of(runner().launch(command(script))).out, text);
}

TEST_P(ProcessStartContract, GivesEachHelperASessionOfItsOwn) {
  const auto results = run_all({command({{Act::describe}}), command({{Act::describe}})});
  ASSERT_EQ(results.size(), 2U);
  auto first = description_from(output_of(results[0]).out);
  auto second = description_from(output_of(results[1]).out);
  EXPECT_EQ(first["session"], first["pid"]);
  EXPECT_EQ(second["session"], second["pid"]);
  EXPECT_NE(first["session"], std::to_string(world().session()));
}

TEST_P(EnvironmentContract, OfAHelperIsMinimal) {
  world().set_variable("OCF_RESKEY_password", "secret");
  world().set_variable("PCMK_debug", "yes");
  world().set_variable("HA_logfile", "/var/log/messages");
  world().set_variable("LANG", "tlh");
  world().set_variable("BASH_ENV", "/etc/profile");
  world().set_variable("ANYTHING", "else");
  auto description = helper();
  for (const std::string name :
       {"OCF_RESKEY_password", "PCMK_debug", "HA_logfile", "LANG", "BASH_ENV", "ANYTHING"}) {
    EXPECT_FALSE(has_variable(description, name)) << name;
  }
}

TEST_P(EnvironmentContract, OfAHelperHasItsOwnPath) {
  world().set_variable("PATH", "/somewhere/else");
  auto description = helper();
  ASSERT_TRUE(has_variable(description, "PATH"));
  EXPECT_EQ(description["variable PATH"].find("/somewhere/else"), std::string::npos);
  EXPECT_NE(description["variable PATH"].find("/usr/bin"), std::string::npos);
}

TEST_P(EnvironmentContract, OfALaunchedProgramIsThatOfThisProcess) {
  world().set_variable("ANYTHING", "else, with = and 'quotes'");
  world().set_variable("PATH", "/somewhere/else");
  auto description = launched();
  EXPECT_EQ(description["variable ANYTHING"], "else, with = and 'quotes'");
  EXPECT_EQ(description["variable PATH"], "/somewhere/else");
}

TEST_P(EnvironmentContract, OfALaunchedProgramHasNoVariablesOfTheAction) {
  world().set_variable("OCF_ROOT", "/usr/lib/ocf");
  world().set_variable("OCF_RESKEY_password", "secret");
  world().set_variable("PCMK_debug", "yes");
  world().set_variable("HA_logfile", "/var/log/messages");
  auto description = launched();
  for (const std::string name : {"OCF_ROOT", "OCF_RESKEY_password", "PCMK_debug", "HA_logfile"}) {
    EXPECT_FALSE(has_variable(description, name)) << name;
  }
}

TEST_P(EnvironmentContract, OfALaunchedProgramKeepsNamesThatMerelyLookAlike) {
  world().set_variable("MY_OCF_ROOT", "1");
  world().set_variable("HAPPY", "2");
  world().set_variable("PCMKDIR", "3");
  auto description = launched();
  EXPECT_EQ(description["variable MY_OCF_ROOT"], "1");
  EXPECT_EQ(description["variable HAPPY"], "2");
  EXPECT_EQ(description["variable PCMKDIR"], "3");
}

}  // namespace host::contract
