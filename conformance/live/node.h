#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/node/kamailio.h"
#include "conformance/node/processes.h"

#include <csignal>
#include <functional>
#include <future>
#include <string>
#include <vector>

namespace live {

// The node on which a live test runs: network, PID, mount, UTS and IPC namespaces of its own, made
// by ci/in-node, with an empty /run, /tmp and /etc/kamailio, and the addresses 127.0.0.1, ::1 and
// 192.168.159.128 on its loopback interface. All that a test leaves is gone when it ends.

// The agent under test: $AGENT, or the one that was built.
[[nodiscard]] const cluster::Cluster& agent();

// What a configuration file says, besides the OPTIONS section that answers sip:monitor@...
struct Config {
  bool has_fifo = false;  // the FIFO that kamctl talks to; one instance on a node may have it
  std::string dgram_socket = {};  // where jsonrpcs takes datagrams
  std::string ctl_socket = {};    // where ctl takes binrpc on a stream
  std::string listen = {};        // a listen= line for proto=conf_*
  std::string extra = {};         // further lines before the request route
};

[[nodiscard]] std::string config_text(const Config& config);
// Puts statements at the beginning of the request route of such a file.
void add_to_route(const std::string& conffile, const std::string& statements);

void write_file(const std::string& path, const std::string& text);
[[nodiscard]] std::string read_file(const std::string& path);

// A resource with a configuration at /etc/kamailio/NAME.cfg, listening on 127.0.0.1, without
// kamctl. Its parameter probe is $PROBE, if that is set: every test runs with each probe.
[[nodiscard]] cluster::Resource make_resource(const std::string& name, int port,
                                              const Config& config = {});

// The same with kamuser=kamailio.
[[nodiscard]] cluster::Resource make_resource_of_kamailio(const std::string& name, int port);

// The same with kamctl; writes /etc/kamailio/kamctlrc.
[[nodiscard]] cluster::Resource make_resource_with_kamctl(const std::string& name, int port);

using node::arguments_of;
using node::lives;
using node::main_process_of;
using node::processes_of;

void signal_all(const cluster::Resource& resource, int signal);

// The same kind of processes in PID namespaces within the test's.
[[nodiscard]] std::vector<int> twins_of(const cluster::Resource& resource);

// A process of root that passes for one of the resource's, by its command line and the name of its
// program, and is a shell with this script. Returns when the script has made the file /tmp/ready.
int start_look_alike(const cluster::Resource& resource, const std::string& script);

// An action while the test goes on.
[[nodiscard]] std::future<cluster::Result> run_in_background(const cluster::Resource& resource,
                                                             const cluster::Operation& operation);

[[nodiscard]] bool exists(const std::string& path);  // links are not followed
[[nodiscard]] std::vector<std::string> entries_of(const std::string& directory);

// Polls until it holds, for at most ten seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

// The exit code of a program, with its output appended to `output` if given.
int run_program(const std::vector<std::string>& arguments, std::string* output = nullptr);

// Starts a program in the background; its pid.
int start_program(const std::vector<std::string>& arguments);

// Nothing of the resource is left: no process, no PID file and default directory, no reply FIFO of
// kamctl, no helper (sipsak, kamctl). Empty, or what is left.
[[nodiscard]] std::string leftovers_of(const cluster::Resource& resource);

}  // namespace live
