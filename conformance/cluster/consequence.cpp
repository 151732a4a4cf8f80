#include "conformance/cluster/consequence.h"

#include "sim/cluster/exit_code.h"

namespace cluster {
namespace {

using namespace code;  // NOLINT(google-build-using-namespace): its names are OCF's

bool is_hard(int number) {
  return number == invalid_arguments || number == not_permitted || number == not_installed;
}

std::string of_stop(const WrongAnswer& answer) {
  if (answer.seen != 0 || answer.timed_out) {
    return "the cluster would fence this node, or block the resource where there is no fencing";
  }
  return answer.lives ? "the cluster would start the resource elsewhere beside what still runs here"
                      : "the cluster would go on as if all were in order";
}

std::string of_monitor(const WrongAnswer& answer) {
  switch (answer.seen) {
    case 0:
      return answer.expected == not_running
                 ? "the cluster would take the resource as running where nothing runs"
                 : "the cluster would leave a sick service to itself, and calls would be lost";
    case not_running:
      return answer.lives ? "the cluster would start a second server beside the one that lives"
                          : "the cluster would start the resource, here or elsewhere";
    case degraded:
      return "the cluster would show a warning and leave the service as it is";
    case generic_error:
      return answer.expected == 0 || answer.expected == degraded
                 ? "the cluster would stop and restart a service that works, and end its calls"
                 : "the cluster would recover the resource here before it tries elsewhere";
    default:
      return "the cluster would stop the resource";
  }
}

}  // namespace

std::string consequence_of(const WrongAnswer& answer) {
  if (answer.action == "stop") {
    return of_stop(answer);
  }
  if (answer.timed_out) {
    return "the cluster would kill the agent and show no reason, and count a failure";
  }
  if (answer.seen == not_configured) {
    return "the cluster would stop the resource everywhere and start it nowhere";
  }
  if (is_hard(answer.seen)) {
    return "the cluster would ban the resource from this node";
  }
  if (answer.action == "monitor" || answer.action == "status") {
    return of_monitor(answer);
  }
  if (answer.action == "start") {
    return answer.seen == 0 ? "the cluster would start what depends on it, though it does not serve"
                            : "the cluster would stop the resource here and try another node";
  }
  return answer.seen == 0 ? "the cluster and its tools would take it as done"
                          : "the cluster or its tools would report a failure";
}

}  // namespace cluster
