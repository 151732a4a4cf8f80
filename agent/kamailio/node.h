#pragma once

#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace kamailio {

// Whether this node has what the instance needs: programs, files, accounts, privileges. Returns the
// path of Kamailio's binary. Unexpected: everything that is missing in one reason, with the code of
// the first. not_installed: binary, sipsak, kamctl or the kamctlrc file is missing.
// invalid_arguments: no conffile, unknown user or group. not_permitted: it is there, but not for
// this user.
[[nodiscard]] tl::expected<std::string, ocf::Outcome> inspect_node(const host::Host& host,
                                                                   const Parameters& parameters);

}  // namespace kamailio
