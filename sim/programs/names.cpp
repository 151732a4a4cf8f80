#include "sim/programs/names.h"

#include <algorithm>
#include <sstream>

namespace sim {

bool is_ipv4(std::string_view text) {
  return std::ranges::count(text, '.') == 3 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::optional<std::string> ipv4_address_of(Stage& me, const std::string& host) {
  if (is_ipv4(host)) {
    return host;
  }
  std::istringstream lines(me.read_file("/etc/hosts").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string address;
    words >> address;
    for (std::string name; words >> name;) {
      if (name == host && is_ipv4(address)) {
        return address;
      }
    }
  }
  return host == "localhost" ? std::optional<std::string>("127.0.0.1") : std::nullopt;
}

}  // namespace sim
