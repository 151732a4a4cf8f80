#include "conformance/rigs/node_rig.h"

#include "agent/posix/read_write.h"
#include "conformance/node/brought.h"
#include "conformance/node/network.h"
#include "conformance/node/root.h"
#include "conformance/node/time.h"
#include "conformance/rigs/node_files.h"
#include "conformance/rigs/node_player.h"
#include "sim/setup/node.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <system_error>

namespace conformance {
namespace {

// user_namespaces(7): the node of an ordinary user has only one user.
bool has_one_user() {
  std::istringstream map(posix::read_all("/proc/self/uid_map").value_or(""));
  long long first = 0;
  long long outside = 0;
  long long count = 0;
  return map >> first >> outside >> count && count == 1;
}

// The user kamailio: that of the machine, or one with unused ids, or another name of the only user.
void add_kamailio_user(node::Root& root) {
  const auto users = posix::read_all("/etc/passwd").value_or("");
  const std::string id = has_one_user() ? "0" : "64999";
  if (id == "0" || users.find("\nkamailio:") == std::string::npos) {
    // The first entry counts.
    root.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nkamailio:x:" + id + ":" + id +
                                  "::/run/kamailio:/bin/false\n" + users);
    root.write("/etc/group",
               "root:x:0:\nkamailio:x:" + id + ":\n" + posix::read_all("/etc/group").value_or(""));
  }
}

// Regardless of the machine's name services, only localhost resolves.
void forget_names(node::Root& root) {
  root.write("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n");
  root.write("/etc/nsswitch.conf",
             "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\n"
             "protocols: files\n");
}

// Whether users other than root can reach the file.
bool is_within_reach(const std::filesystem::path& file) {
  namespace fs = std::filesystem;
  for (auto path = file.parent_path();; path = path.parent_path()) {
    std::error_code error;
    const auto permissions = fs::status(path, error).permissions();
    if (error || (permissions & fs::perms::others_exec) == fs::perms::none) {
      return false;
    }
    if (path == path.root_path()) {
      return true;
    }
  }
}

// The build directory may be inaccessible to the users as which the programs run.
void put_program(node::Root& root, const std::string& path, const std::string& program) {
  constexpr mode_t executable = 0755;
  if (is_within_reach(program)) {
    root.link(path, program);
  } else {
    root.write(path, posix::read_all(program).value_or(""), executable);
  }
}

void put_fakes(node::Root& root, const std::string& fakes) {
  put_program(root, "/usr/sbin/kamailio", fakes + "/fake-kamailio");
  put_program(root, "/usr/sbin/kamctl", fakes + "/fake-kamctl");
  put_program(root, "/usr/bin/sipsak", fakes + "/fake-sipsak");
}

}  // namespace

std::string path_on_node(const NodeRig& rig) {
  return "/usr/lib/ocf/resource.d/" + rig.name.provider + "/" + rig.name.type;
}

void make_node(const NodeRig& rig) {
  ::umask(022);
  node::Root root;
  root.make_empty("/etc/kamailio");
  root.make_own("/usr/sbin");
  root.make_own("/usr/bin");
  root.link(path_on_node(rig), rig.agent);
  root.link(responder_on_node,
            (rig.fakes.empty() ? node::brought("fakes") : rig.fakes) + "/fake-sip-responder");
  add_kamailio_user(root);
  forget_names(root);
  if (!rig.fakes.empty()) {
    put_fakes(root, rig.fakes);
  }
  for (const auto& directory : rig.shared) {
    root.share(directory);
  }
  if (!rig.faketime.empty() && rig.rate != 1) {
    node::speed_up(root, rig.faketime, rig.rate);
  }
  root.enter();
  const std::string name = "node1";
  (void)::sethostname(name.data(), name.size());
  node::make_network({"192.168.159.128"});
  furnish_node();
}

void furnish_node() {
  constexpr mode_t sticky = 01755;
  constexpr mode_t shared = 0770;
  make_directory("/run/resource-agents", sticky);
  make_directory("/run/kamailio", shared);
  give("/run/kamailio", "kamailio", "kamailio");
  write_file("/etc/kamailio/kamailio.cfg", sim::kamailio_config());
  write_file("/etc/kamailio/kamctlrc", "");
}

Evidence play_on_node(const Scenario& scenario, const NodeRig& rig, node::Init& init) {
  return NodePlayer(scenario, rig, init).play();
}

}  // namespace conformance
