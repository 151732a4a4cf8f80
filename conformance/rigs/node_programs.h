#pragma once

#include "agent/posix/descriptor.h"
#include "conformance/rigs/node_census.h"
#include "sim/setup/scenario.h"

#include <string>
#include <vector>

namespace conformance {

// Runs programs on this node without an agent, and keeps the processes that are not under test: SIP
// responders, processes that are not Kamailio. The counterpart of sim::Programs. Everything throws
// std::system_error or std::runtime_error.
class NodePrograms {
 public:
  // The processes that exist already are not under test.
  NodePrograms();

  // The observation without what the program leaves. `rate`: how many times faster than this
  // machine the node's clocks run.
  [[nodiscard]] Observation run(const sim::RunProgram& run, double rate) const;

  // To processes of every Kamailio that runs, at least one.
  void send(const sim::SendSignal& send) const;

  void respond(const sim::PlacedResponder& responder);
  void hold_open(const std::string& fifo);
  // A process that lives until the node ends, or ends at once, reaped or not.
  [[nodiscard]] int foreign_pid(sim::PlacedFile::ForeignPid fate);

  [[nodiscard]] Lookout lookout() const;

 private:
  OnNode node_;
  std::vector<posix::Descriptor> held_;  // FIFOs that nobody reads
};

}  // namespace conformance
