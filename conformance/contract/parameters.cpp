#include "conformance/contract/parameters.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

namespace contract {
namespace {

using Parameter = MetaData::Parameter;

std::string value_of(const Subject& subject, const Parameter& parameter) {
  const auto& set = subject.resource.parameters;
  const auto found = set.find(parameter.name);
  return found == set.end() ? parameter.default_value.value_or("") : found->second;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return path.starts_with('/') && std::filesystem::exists(path, ignored);
}

// Another value with a different meaning; nothing if none can be derived.
std::optional<std::string> varied(const Parameter& parameter, const std::string& value) {
  if (parameter.type == "integer") {
    int number = 0;
    const auto* const end = value.data() + value.size();
    return std::from_chars(value.data(), end, number).ptr == end && !value.empty()
               ? std::optional(std::to_string(number + 1))
               : std::nullopt;
  }
  if (parameter.type == "string" && !value.empty()) {
    return value + "_2";
  }
  return std::nullopt;
}

// Varies one parameter of the group, preferably one that is set.
bool vary_group(const Subject& subject, const std::vector<const Parameter*>& group,
                cluster::Resource& other) {
  // A default that contains the instance's name differs already, and an empty value does not
  // collide.
  const auto is_other_already = [&](const Parameter* parameter) {
    const auto value = value_of(subject, *parameter);
    return !subject.resource.parameters.contains(parameter->name) &&
           (value.empty() || value.find(subject.resource.name) != std::string::npos);
  };
  if (std::ranges::all_of(group, is_other_already)) {
    return true;
  }
  for (const bool is_set : {true, false}) {
    for (const auto* const parameter : group) {
      if (subject.resource.parameters.contains(parameter->name) == is_set) {
        if (const auto value = varied(*parameter, value_of(subject, *parameter))) {
          other.parameters[parameter->name] = *value;
          return true;
        }
      }
    }
  }
  return false;
}

}  // namespace

std::vector<WrongValue> wrong_values(const Subject& subject) {
  static const std::map<std::string, std::string> wrong = {
      {"integer", "twelve"}, {"boolean", "perhaps"}, {"select", "ocf-contract-no-such-option"}};
  std::vector<WrongValue> values;
  for (const auto& parameter : subject.meta_data.parameters) {
    if (const auto found = wrong.find(parameter.type); found != wrong.end()) {
      values.push_back({.parameter = parameter.name, .value = found->second});
    }
  }
  return values;
}

std::vector<std::string> programs_among_parameters(const Subject& subject) {
  std::vector<std::string> names;
  for (const auto& parameter : subject.meta_data.parameters) {
    const auto value = value_of(subject, parameter);
    std::error_code ignored;
    if (exists(value) && std::filesystem::is_regular_file(value, ignored) &&
        ::access(value.c_str(), X_OK) == 0) {
      names.push_back(parameter.name);
    }
  }
  return names;
}

std::vector<std::string> paths_among_parameters(const Subject& subject) {
  std::vector<std::string> names;
  for (const auto& [name, value] : subject.resource.parameters) {
    if (exists(value)) {
      names.push_back(name);
    }
  }
  return names;
}

std::optional<cluster::Resource> other_resource(const Subject& subject) {
  if (subject.other) {
    return subject.other;
  }
  auto other = subject.resource;
  other.name += "_2";
  std::map<std::string, std::vector<const Parameter*>> groups;
  for (const auto& parameter : subject.meta_data.parameters) {
    if (!parameter.unique_group.empty()) {
      groups[parameter.unique_group].push_back(&parameter);
    }
  }
  const bool can = std::ranges::all_of(
      groups, [&](const auto& group) { return vary_group(subject, group.second, other); });
  return can ? std::optional(other) : std::nullopt;
}

std::optional<cluster::Resource> reloaded_resource(const Subject& subject) {
  for (const auto& parameter : subject.meta_data.parameters) {
    if (!parameter.reloadable) {
      continue;
    }
    const auto value = value_of(subject, parameter);
    if (parameter.type == "boolean") {
      static const std::set<std::string> yes = {"1", "true", "yes", "on", "y"};
      return subject.resource.with(parameter.name, yes.contains(value) ? "false" : "true");
    }
    for (const auto& option : parameter.options) {
      if (option != value) {
        return subject.resource.with(parameter.name, option);
      }
    }
  }
  return std::nullopt;
}

}  // namespace contract
