#include "conformance/contract/checks.h"

#include <algorithm>

namespace contract {

Misfit unless_advertised(const std::string& action) {
  return [action](const Subject& subject) {
    return subject.meta_data.action(action) != nullptr ? "" : action + " is not advertised";
  };
}

Misfit unless_both_advertised(const std::string& one, const std::string& other) {
  return [one, other](const Subject& subject) {
    auto misfit = unless_advertised(one)(subject);
    return misfit.empty() ? unless_advertised(other)(subject) : misfit;
  };
}

Misfit unless_parameter_of_type(const std::string& type) {
  return [type](const Subject& subject) {
    auto misfit = unless_advertised("validate-all")(subject);
    const bool has_any =
        std::ranges::find(subject.meta_data.parameters, type, &MetaData::Parameter::type) !=
        subject.meta_data.parameters.end();
    return misfit.empty() && !has_any ? "no parameter is of type " + type : misfit;
  };
}

Misfit unless_roles() {
  return [](const Subject& subject) {
    return std::string(has_roles(subject.meta_data) ? "" : "the agent advertises no roles");
  };
}

bool has_roles(const MetaData& meta_data) {
  return meta_data.action("promote") != nullptr || meta_data.action("demote") != nullptr;
}

}  // namespace contract
