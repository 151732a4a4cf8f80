#pragma once

#include "conformance/contract/check.h"

#include <functional>
#include <string>
#include <vector>

namespace contract {

// By topic, each list in a file of its own.
[[nodiscard]] std::vector<Check> meta_data_checks();
[[nodiscard]] std::vector<Check> meta_data_call_checks();
[[nodiscard]] std::vector<Check> invocation_checks();
[[nodiscard]] std::vector<Check> start_checks();
[[nodiscard]] std::vector<Check> stop_checks();
[[nodiscard]] std::vector<Check> monitor_checks();
[[nodiscard]] std::vector<Check> level_checks();
[[nodiscard]] std::vector<Check> validation_checks();
[[nodiscard]] std::vector<Check> privilege_checks();
[[nodiscard]] std::vector<Check> role_checks();
[[nodiscard]] std::vector<Check> optional_action_checks();
[[nodiscard]] std::vector<Check> interruption_checks();
[[nodiscard]] std::vector<Check> parallel_checks();

// Whom a check does not fit.
using Misfit = std::function<std::string(const Subject& subject)>;

[[nodiscard]] Misfit unless_advertised(const std::string& action);
[[nodiscard]] Misfit unless_both_advertised(const std::string& one, const std::string& other);
[[nodiscard]] Misfit unless_parameter_of_type(const std::string& type);
[[nodiscard]] Misfit unless_roles();

[[nodiscard]] bool has_roles(const MetaData& meta_data);

}  // namespace contract
