#pragma once

#include "agent/host/host.h"
#include "agent/host/testing/fake_clock.h"
#include "agent/host/testing/fake_network.h"
#include "agent/host/testing/fake_random.h"
#include "agent/kamailio/testing/fake_accounts.h"
#include "agent/kamailio/testing/fake_file_system.h"
#include "agent/kamailio/testing/fake_log.h"
#include "agent/kamailio/testing/fake_process_runner.h"
#include "agent/kamailio/testing/fake_process_table.h"

namespace kamailio::testing {

using host::testing::FakeNetwork;
using host::testing::FakeRandom;

// A machine in memory, for tests of decisions. Each part does what its contract in agent/host/ says
// as far as these tests need it, records what it was asked to do, and fails the test on a request
// that makes no sense.
struct FakeHost {
  FakeClock clock;
  FakeFileSystem files;
  FakeProcessTable processes{clock};
  FakeProcessRunner runner{clock, processes};
  FakeNetwork network{clock};
  FakeRandom random;
  FakeAccounts accounts;
  FakeLog log;

  [[nodiscard]] host::Host host() {
    return {.clock = clock,
            .files = files,
            .processes = processes,
            .runner = runner,
            .network = network,
            .random = random,
            .accounts = accounts,
            .log = log};
  }
};

}  // namespace kamailio::testing
