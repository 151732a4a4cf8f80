#pragma once

#include <map>
#include <string>

namespace cluster {

// A resource as the cluster knows it.
struct Resource {
  std::string name;
  std::map<std::string, std::string> parameters = {};

  [[nodiscard]] Resource with(const std::string& parameter, const std::string& value) const;
  [[nodiscard]] Resource without(const std::string& parameter) const;
};

// Where a Kamailio resource has its PID file: the parameter pidfile, or its default.
[[nodiscard]] std::string pid_file_of(const Resource& resource);

}  // namespace cluster
