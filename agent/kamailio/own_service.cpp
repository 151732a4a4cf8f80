#include "agent/kamailio/own_service.h"

#include "agent/host/file_system.h"
#include "agent/host/log.h"

#include <string>

namespace kamailio {

void warn_of_own_service(const host::Host& host) {
  // systemd.unit(5): what "systemctl enable" makes of WantedBy=multi-user.target, and what "mask"
  // makes.
  const std::string units = "/etc/systemd/system/";
  const auto mask = host.files.link_status(units + "kamailio.service");
  const bool is_masked = mask && mask->type == host::FileType::symbolic_link;
  if (!is_masked && host.files.link_status(units + "multi-user.target.wants/kamailio.service")) {
    host.log.write(host::Level::warning,
                   "kamailio.service is enabled, and takes ports and RPC sockets from what the "
                   "cluster runs: systemctl disable --now kamailio && systemctl mask kamailio");
  }
}

}  // namespace kamailio
