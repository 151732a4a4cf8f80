#pragma once

#include "agent/host/contract/process_table_test_base.h"

// What every host::ProcessTable tells of processes.

namespace host::contract {

class ProcessFindContract : public ProcessTableTest {};
class ProcessListContract : public ProcessTableTest {};
class ProcessSecrecyContract : public NeedsRoot<ProcessTableTest> {};
class ContainerFindContract : public ContainerTest {};

}  // namespace host::contract
