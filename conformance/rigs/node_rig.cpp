#include "conformance/rigs/node_rig.h"

#include "conformance/node/network.h"
#include "conformance/node/root.h"
#include "conformance/node/time.h"
#include "conformance/rigs/node_player.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace conformance {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// As Debian's package does it, with numbers that nobody else has.
void add_kamailio_user(node::Root& root) {
  const auto users = text_of("/etc/passwd");
  if (users.find("\nkamailio:") == std::string::npos) {
    root.write("/etc/passwd", users + "kamailio:x:64999:64999::/run/kamailio:/bin/false\n");
    root.write("/etc/group", text_of("/etc/group") + "kamailio:x:64999:\n");
  }
}

void put_fakes(node::Root& root, const std::string& fakes) {
  root.link("/usr/sbin/kamailio", fakes + "/fake-kamailio");
  root.link("/usr/sbin/kamctl", fakes + "/fake-kamctl");
  root.link("/usr/bin/sipsak", fakes + "/fake-sipsak");
  add_kamailio_user(root);
}

}  // namespace

void make_node(const NodeRig& rig) {
  ::umask(022);
  node::Root root;
  root.make_empty("/etc/kamailio");
  root.make_own("/usr/sbin");
  root.make_own("/usr/bin");
  root.link("/usr/lib/ocf/resource.d/" + rig.name.provider + "/" + rig.name.type, rig.agent);
  if (!rig.fakes.empty()) {
    put_fakes(root, rig.fakes);
  }
  if (!rig.faketime.empty() && rig.rate != 1) {
    node::speed_up(root, rig.faketime, rig.rate);
  }
  root.enter();
  const std::string name = "node1";
  (void)::sethostname(name.data(), name.size());
  node::make_network({"192.168.159.128"});
}

Evidence play_on_node(const Scenario& scenario, const NodeRig& rig, node::Init& init) {
  return NodePlayer(scenario, rig, init).play();
}

}  // namespace conformance
