#pragma once

#include "conformance/contract/contract.h"

#include <optional>
#include <string>
#include <vector>

namespace contract {

// A value that the type of a parameter excludes.
struct WrongValue {
  std::string parameter;
  std::string value;
};

// One for each parameter of type integer, boolean or select.
[[nodiscard]] std::vector<WrongValue> wrong_values(const Subject& subject);

// Parameters whose value, or default, is the path of an existing program.
[[nodiscard]] std::vector<std::string> programs_among_parameters(const Subject& subject);

// Parameters that are set to an existing path.
[[nodiscard]] std::vector<std::string> paths_among_parameters(const Subject& subject);

// A resource that can run beside the subject's; nothing if a unique parameter has no second value.
[[nodiscard]] std::optional<cluster::Resource> other_resource(const Subject& subject);

// The resource with another valid value of a reloadable boolean or select; nothing if there is no
// such parameter.
[[nodiscard]] std::optional<cluster::Resource> reloaded_resource(const Subject& subject);

}  // namespace contract
