#pragma once

#include "agent/ocf/outcome.h"

#include <gmock/gmock.h>

#include <ostream>

namespace ocf {

inline std::ostream& operator<<(std::ostream& out, ExitCode code) {
  return out << static_cast<int>(code);
}

inline std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << "code " << outcome.code << " (" << outcome.reason << ")";
}

}  // namespace ocf

namespace ocf::testing {

// An outcome whose code and reason match.
template <typename Code, typename Reason>
auto ends_with(const Code& code, const Reason& reason) {
  return ::testing::AllOf(::testing::Field("code", &Outcome::code, code),
                          ::testing::Field("reason", &Outcome::reason, reason));
}

inline auto succeeds() { return ends_with(ExitCode::success, ::testing::IsEmpty()); }

}  // namespace ocf::testing
