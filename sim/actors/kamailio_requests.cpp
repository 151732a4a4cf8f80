#include "sim/actors/kamailio_requests.h"

#include "sim/actors/kamailio_arguments.h"
#include "sim/actors/kamailio_route_run.h"

#include <algorithm>
#include <string>

namespace sim {
namespace {

// "me.example" is an alias at any port.
bool is_alias(const std::string& alias, std::string_view host, int port) {
  const auto meant = KamailioListener::parse(alias);
  return meant && meant->host == host &&
         (meant->port == port || !alias.ends_with(":" + std::to_string(meant->port)));
}

bool is_own_address(const KamailioServer& server, std::string_view host, int port) {
  return std::ranges::any_of(
             server.listeners,
             [&](const KamailioServer::Listener& listener) {
               return (listener.host == host || listener.endpoint.address == host) &&
                      listener.endpoint.port == port;
             }) ||
         std::ranges::any_of(server.config.aliases,
                             [&](const std::string& alias) { return is_alias(alias, host, port); });
}

}  // namespace

SipBehaviour behaviour_towards(const KamailioServer& server, std::string_view request) {
  if (server.profile->options) {
    return *server.profile->options;
  }
  return {.replies = run_kamailio_routes(
              server.config.routes, RouteRequest::parse(request),
              [&](std::string_view host, int port) { return is_own_address(server, host, port); })};
}

}  // namespace sim
