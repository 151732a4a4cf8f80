#include "conformance/faults/fault.h"

#include <gtest/gtest.h>

namespace faults {
namespace {

const Fault example = {.case_name = "stop",
                       .process = "agent.1",
                       .call = "openat",
                       .occurrence = 17,
                       .error = "ENOMEM"};

TEST(FaultName, NamesAllParts) { EXPECT_EQ(name_of(example), "stop/agent.1/openat/17/ENOMEM"); }

TEST(FaultName, IsReadBack) { EXPECT_EQ(fault_named(name_of(example)), example); }

TEST(FaultName, IsRefusedIfAPartIsMissing) {
  for (const std::string name :
       {"", "stop", "stop/agent/openat/1", "stop//openat/1/EIO", "stop/agent/openat/1/EIO/more"}) {
    EXPECT_FALSE(fault_named(name)) << name;
  }
}

TEST(FaultName, IsRefusedIfTheOccurrenceIsNoNumberFromOne) {
  for (const std::string number : {"0", "-1", "1x", "x", "99999999999"}) {
    EXPECT_FALSE(fault_named("stop/agent/openat/" + number + "/EIO")) << number;
  }
}

TEST(FaultName, IsQuotedWhenItIsRefused) {
  EXPECT_EQ(fault_named("start").error().text,
            "invalid fault 'start': expected CASE/PROCESS/CALL/OCCURRENCE/ERROR");
}

}  // namespace
}  // namespace faults
