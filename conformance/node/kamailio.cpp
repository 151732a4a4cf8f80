#include "conformance/node/kamailio.h"

#include "conformance/node/processes.h"

#include <algorithm>
#include <string>

namespace node {

bool is_of(const cluster::Resource& resource, int pid) {
  const auto arguments = arguments_of(pid);
  const auto option = std::ranges::find(arguments, "-P");
  return arguments.end() - option > 1 && *(option + 1) == pid_file_of(resource) &&
         arguments.front().find("kamailio") != std::string::npos;
}

std::vector<int> processes_of(const cluster::Resource& resource) {
  auto pids = all_pids();
  std::erase_if(pids, [&](int pid) {
    return !is_of(resource, pid) || !lives(pid) || is_in_inner_namespace(pid);
  });
  const auto has_its_parent_here = [&](int pid) {
    return std::ranges::find(pids, parent_of(pid)) != pids.end();
  };
  std::stable_partition(pids.begin(), pids.end(),
                        [&](int pid) { return !has_its_parent_here(pid); });
  return pids;
}

int main_process_of(const cluster::Resource& resource) {
  const auto pids = processes_of(resource);
  const auto is_a_parent = [&](int pid) {
    return std::ranges::any_of(pids, [pid](int other) { return parent_of(other) == pid; });
  };
  const auto found = std::ranges::find_if(pids, is_a_parent);
  if (found != pids.end()) {
    return *found;
  }
  return pids.size() == 1 ? pids.front() : 0;
}

}  // namespace node
