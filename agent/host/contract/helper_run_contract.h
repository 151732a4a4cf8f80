#pragma once

#include "agent/host/contract/process_runner_test_base.h"

// What every host::ProcessRunner tells of the helpers that it runs.

namespace host::contract {

class HelperResultContract : public ProcessRunnerTest {};
class HelperOutputContract : public ProcessRunnerTest {
 protected:
  static constexpr std::size_t kept = 64UL * 1024;
};
class HelperDeadlineContract : public ProcessRunnerTest {};
class HelpersSideBySideContract : public ProcessRunnerTest {};
class HelperWatchContract : public ProcessRunnerTest {};
class HelperDenialContract : public ProcessRunnerTest {};
class HelperPrivilegeContract : public NeedsRoot<ProcessRunnerTest> {};

}  // namespace host::contract
