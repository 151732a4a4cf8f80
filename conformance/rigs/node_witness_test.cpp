#include "conformance/rigs/node_witness.h"

#include "conformance/node/root.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace conformance {
namespace {

// A server that ends one second after a successful stop must be observed as living at the stop,
// even if the witness waits for something else.
TEST(NodeWitnessTest, SeesTheServerAsItIsWhenItIsAskedFor) {
  const auto apart = node::run_apart(
      [] {
        node::Root root;
        root.enter();
      },
      [](node::Init& init) {
        const sim::Instances instances = {{"one", {.name = "one", .parameters = {}}}};
        NodeWitness witness(instances, init, "", 1);
        (void)std::system(
            "bash -c 'exec -a kamailio perl -e \"sleep 1\" -- -P "
            "/var/run/kamailio_one/kamailio.pid' & sleep 2 &");
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const auto seen = witness.look();
        return std::to_string(seen.processes.at("one").size()) + " " +
               std::to_string(seen.helpers.size());
      });
  EXPECT_EQ(heard_from(apart), "1 0");
}

}  // namespace
}  // namespace conformance
