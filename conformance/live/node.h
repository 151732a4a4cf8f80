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
// 192.168.159.128 on its loopback interface. The node ends with the test, and everything on it.

// The agent under test: $AGENT, or the one that was built.
[[nodiscard]] const cluster::Cluster& agent();

// The content of a configuration file, in addition to the OPTIONS section that replies to
// sip:monitor@...
struct Config {
  bool has_fifo = false;  // the FIFO that kamctl talks to; one instance on a node may have it
  std::string dgram_socket = {};  // the datagram socket of jsonrpcs
  std::string ctl_socket = {};    // the stream socket of ctl, for binrpc
  std::string listen = {};        // a listen= line for proto=conf_*
  std::string extra = {};         // further lines before the request route
};

[[nodiscard]] std::string config_text(const Config& config);
// Inserts statements at the beginning of the request route of such a file.
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

// Such processes in PID namespaces below the test's.
[[nodiscard]] std::vector<int> twins_of(const cluster::Resource& resource);

// A process of root that looks like one of the resource's, by its command line and program name,
// and is a shell with this script. Returns when the script has created /tmp/ready.
int start_look_alike(const cluster::Resource& resource, const std::string& script);

// Runs an action in the background.
[[nodiscard]] std::future<cluster::Result> run_in_background(const cluster::Resource& resource,
                                                             const cluster::Operation& operation);

[[nodiscard]] bool exists(const std::string& path);  // links are not followed
[[nodiscard]] std::vector<std::string> entries_of(const std::string& directory);

// Polls until the condition holds, for at most ten seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

// The exit code of a program, with its output appended to `output` if given.
int run_program(const std::vector<std::string>& arguments, std::string* output = nullptr);

// Starts a program in the background, and returns its PID.
int start_program(const std::vector<std::string>& arguments);

// What is left of the resource: a process, PID file or default directory, a reply FIFO of kamctl, a
// helper (sipsak, kamctl). Empty if nothing is.
[[nodiscard]] std::string leftovers_of(const cluster::Resource& resource);

}  // namespace live
