#include "agent/ocf/request.h"

#include "agent/base/number.h"

#include <algorithm>
#include <array>

namespace ocf {
namespace {

constexpr std::string_view parameter_prefix = "OCF_RESKEY_";
constexpr std::string_view meta_prefix = "CRM_meta_";

std::optional<std::string> find(const host::Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::nullopt : std::optional(found->second);
}

void read_instance(const host::Environment& environment, Request& request) {
  const auto major = find(environment, "OCF_RA_VERSION_MAJOR");
  request.instance = find(environment, "OCF_RESOURCE_INSTANCE").value_or("");
  if (major && *major != "1") {
    request.errors.push_back({.kind = RequestError::Kind::other_ocf_version, .value = *major});
  }
  if (request.instance.empty() && major) {
    request.errors.push_back({.kind = RequestError::Kind::no_resource_name});
  }
  if (request.instance.empty()) {
    request.instance = "default";  // as the shell agents do when a person or crmsh calls them
  }
  // The name becomes part of a path.
  if (request.instance.find('/') != std::string::npos || request.instance == "..") {
    request.errors.push_back(
        {.kind = RequestError::Kind::bad_resource_name, .value = request.instance});
  }
}

void read_check_level(const host::Environment& environment, Request& request) {
  constexpr std::array<std::string_view, 3> with_levels = {"monitor", "status", "validate-all"};
  const auto text = find(environment, "OCF_CHECK_LEVEL");
  const bool has_levels = std::ranges::find(with_levels, request.action) != with_levels.end();
  if (!has_levels || !text || text->empty()) {
    return;
  }
  const auto level = parse_number(*text);
  if (!level) {
    request.errors.push_back({.kind = RequestError::Kind::bad_check_level, .value = *text});
    return;
  }
  request.check_level = *level < 10   ? CheckLevel::lightest
                        : *level < 20 ? CheckLevel::normal
                                      : CheckLevel::deepest;
}

}  // namespace

std::optional<long> parse_number(std::string_view text) {
  return text.starts_with('-') ? std::nullopt : base::number_in<long>(text);
}

Request parse_request(const std::vector<std::string>& arguments,
                      const host::Environment& environment) {
  Request request;
  if (!arguments.empty()) {
    request.action = arguments.front();
  }
  read_instance(environment, request);
  if (const auto directory = find(environment, "HA_RSCTMP");
      directory.value_or("").starts_with('/')) {
    request.state_directory = *directory;
  }
  read_check_level(environment, request);
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(parameter_prefix)) {
      continue;
    }
    const auto parameter = name.substr(parameter_prefix.size());
    if (!parameter.starts_with(meta_prefix)) {
      request.parameters.emplace(parameter, value);
    } else if (parameter == "CRM_meta_timeout") {
      // Pacemaker's own arithmetic: zero means no timeout.
      if (const auto timeout_ms = parse_number(value); timeout_ms && *timeout_ms > 0) {
        request.timeout = std::min(std::chrono::milliseconds(*timeout_ms), longest_timeout);
      }
    } else if (parameter == "CRM_meta_notify") {
      request.is_notified = value == "true";
    } else if (parameter == "CRM_meta_interval") {
      request.interval =
          std::min(std::chrono::milliseconds(parse_number(value).value_or(0)), longest_timeout);
    }
  }
  return request;
}

}  // namespace ocf
