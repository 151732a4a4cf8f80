#include "conformance/faults/judge.h"

#include "sim/cluster/call.h"

#include <utility>

namespace faults {
namespace {

using namespace cluster::code;  // NOLINT(google-build-using-namespace): its names are OCF's

bool tells_the_truth(const Case& swept, const Observation& seen) {
  const auto& action = swept.operation.action;
  const int code = seen.result.code;
  if (action == "stop") {
    return code != success || !seen.instance_lives;
  }
  if (action == "start") {
    return code != success || seen.instance_lives;
  }
  if (action == "monitor") {
    const bool says_running = code == success || code == degraded;
    return (!says_running || seen.instance_lives) && (code != not_running || !seen.instance_lives);
  }
  return true;
}

// 2, 5 and 6 assert a permanent cause, which a single fault does not prove. 4 is right for EACCES.
// A monitor may lose one of several signs of life, and return 190.
bool is_allowed(const Case& swept, const std::string& error, int code) {
  if (code == swept.code) {
    return true;
  }
  const bool is_monitor = swept.operation.action == "monitor";
  return !error.empty() && (code == generic_error || (code == degraded && is_monitor) ||
                            (code == not_permitted && error == "EACCES"));
}

bool gives_a_reason(const Case& swept, const cluster::Result& result) {
  return result.code == success || result.code == swept.code || !result.reason.empty();
}

}  // namespace

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = {Rule::foreign, Rule::truth,  Rule::stop, Rule::code,
                                          Rule::reason,  Rule::signal, Rule::time, Rule::leftovers};
  return rules;
}

std::string name_of(Rule rule) {
  switch (rule) {
    case Rule::foreign:
      return "foreign";
    case Rule::truth:
      return "truth";
    case Rule::stop:
      return "stop";
    case Rule::code:
      return "code";
    case Rule::reason:
      return "reason";
    case Rule::signal:
      return "signal";
    case Rule::time:
      return "time";
    case Rule::leftovers:
      return "leftovers";
  }
  return {};
}

std::vector<Rule> broken_rules(const Case& swept, const std::string& error,
                               const Observation& seen) {
  const auto& result = seen.result;
  const bool returned = result.signal == 0 && !result.timed_out;
  const bool is_stop = swept.operation.action == "stop";
  const std::vector<std::pair<Rule, bool>> kept = {
      {Rule::foreign, seen.hurt.empty()},
      {Rule::truth, !returned || tells_the_truth(swept, seen)},
      {Rule::stop, !is_stop || (returned && result.code == success && seen.left_by_stop.empty())},
      {Rule::code, !returned || is_allowed(swept, error, result.code)},
      {Rule::reason, !returned || gives_a_reason(swept, result)},
      {Rule::signal, result.signal == 0},
      {Rule::time, !result.timed_out},
      {Rule::leftovers, seen.next_stop.code == success && seen.left_in_the_end.empty()},
  };
  std::vector<Rule> broken;
  for (const auto& [rule, is_kept] : kept) {
    if (!is_kept) {
      broken.push_back(rule);
    }
  }
  return broken;
}

}  // namespace faults
