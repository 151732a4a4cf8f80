#pragma once

#include "agent/host/contract/process_table_test_base.h"

// What every host::ProcessTable does to processes, and how it waits for their end.

namespace host::contract {

class ProcessSignalContract : public ProcessTableTest {};
class ProcessWaitContract : public ProcessTableTest {};
class ProcessOwnershipContract : public NeedsRoot<ProcessTableTest> {};
class ContainerSignalContract : public ContainerTest {};

}  // namespace host::contract
