#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace sim {

// What the actor knows of a module. A list that is missing may hold anything.
struct KamailioModule {
  std::string_view name;
  std::optional<std::vector<std::string_view>> parameters = {};
  std::optional<std::vector<std::string_view>> functions = {};
};

// Of Debian's package kamailio; nothing for one that it does not have.
[[nodiscard]] const KamailioModule* find_kamailio_module(std::string_view name);

}  // namespace sim
