#pragma once

#include <optional>
#include <string>
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

// "sl" of "/usr/lib/kamailio/sl.so".
[[nodiscard]] std::string_view kamailio_module_name(std::string_view file);

// Those that a configuration has loaded.
class KamailioModules {
 public:
  void load(const KamailioModule& module) { loaded_.push_back(&module); }
  [[nodiscard]] bool has(std::string_view name) const;
  // NAME, or NAME|NAME, of modparam().
  [[nodiscard]] std::vector<const KamailioModule*> named(const std::string& pattern) const;
  // Of one of them, or of the language.
  [[nodiscard]] bool have_function(std::string_view name) const;

 private:
  std::vector<const KamailioModule*> loaded_;
};

}  // namespace sim
