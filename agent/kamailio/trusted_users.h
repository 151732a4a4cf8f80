#pragma once

#include "agent/host/host.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/parameters.h"

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

namespace kamailio {

// The users that the processes of an instance can run as: root, the agent's own user, the owner of
// the PID file if only root can write it, and the user in kamuser, in -u of extra_options, or else
// in the configuration file. Looks up each only when the ones before are not enough, since a
// directory service may be slow; use one object for one look at the processes.
class TrustedUsers {
 public:
  TrustedUsers(const host::Host& host, const Parameters& parameters);

  // unknown if one of the uids is not among them and one of the users cannot be looked up.
  [[nodiscard]] Trust operator()(const host::UserIds& users);

 private:
  void add_owner_of_pid_file();
  void add_named_user();

  [[nodiscard]] bool have(const host::UserIds& users) const;

  const host::Host& host_;
  const Parameters& parameters_;
  std::set<std::uint32_t> users_;
  std::vector<std::function<void()>> not_asked_;  // last first
  bool is_complete_ = true;
};

}  // namespace kamailio
