#include "conformance/faults/fault.h"

#include <charconv>
#include <sstream>
#include <vector>

namespace faults {

std::string name_of(const Fault& fault) {
  return fault.case_name + "/" + fault.process + "/" + fault.call + "/" +
         std::to_string(fault.occurrence) + "/" + fault.error;
}

host::Result<Fault> fault_named(const std::string& name) {
  const auto invalid = [&] {
    return tl::unexpected(host::Error{.text = "invalid fault '" + name +
                                              "': expected CASE/PROCESS/CALL/OCCURRENCE/ERROR"});
  };
  std::vector<std::string> fields;
  std::istringstream text(name);
  for (std::string field; std::getline(text, field, '/');) {
    if (field.empty()) {
      return invalid();
    }
    fields.push_back(field);
  }
  if (fields.size() != 5) {
    return invalid();
  }
  const auto& number = fields[3];
  int occurrence = 0;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), occurrence);
  if (error != std::errc() || end != number.data() + number.size() || occurrence < 1) {
    return invalid();
  }
  return Fault{.case_name = fields[0],
               .process = fields[1],
               .call = fields[2],
               .occurrence = occurrence,
               .error = fields[4]};
}

}  // namespace faults
