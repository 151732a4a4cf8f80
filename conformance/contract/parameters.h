#pragma once

#include "conformance/contract/contract.h"

#include <optional>
#include <string>
#include <vector>

namespace contract {

// A value that a parameter cannot have, by its type alone.
struct WrongValue {
  std::string parameter;
  std::string value;
};

// One for each integer, boolean and select.
[[nodiscard]] std::vector<WrongValue> wrong_values(const Subject& subject);

// Parameters whose value, or default, is the path of a program that is there.
[[nodiscard]] std::vector<std::string> programs_among_parameters(const Subject& subject);

// Parameters that are set to the path of something that is there.
[[nodiscard]] std::vector<std::string> paths_among_parameters(const Subject& subject);

// A resource that can run beside the subject's; nothing if a parameter that has to be unique cannot
// be varied.
[[nodiscard]] std::optional<cluster::Resource> other_resource(const Subject& subject);

// The resource with another right value of a reloadable boolean or select; nothing without one.
[[nodiscard]] std::optional<cluster::Resource> reloaded_resource(const Subject& subject);

}  // namespace contract
