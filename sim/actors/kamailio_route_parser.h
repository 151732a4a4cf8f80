#pragma once

#include "sim/actors/kamailio_config_reader.h"
#include "sim/actors/kamailio_modules.h"
#include "sim/actors/kamailio_route.h"

namespace sim {

// What stands from "{" to "}".
[[nodiscard]] RouteBlock parse_kamailio_route(ConfigReader& reader, const KamailioModules& modules);

}  // namespace sim
