#pragma once

#include "sim/actors/kamailio_route.h"
#include "sim/actors/kamailio_route_request.h"
#include "sim/actors/profile.h"

#include <functional>
#include <string_view>
#include <vector>

namespace sim {

// Whether Kamailio takes this address for its own.
using IsOwnAddress = std::function<bool(std::string_view host, int port)>;

// What the routes answer, in order. A condition that cannot be told does not hold.
[[nodiscard]] std::vector<SipReply> run_kamailio_routes(const KamailioRoutes& routes,
                                                        const RouteRequest& request,
                                                        const IsOwnAddress& is_own);

}  // namespace sim
