#pragma once

#include "conformance/cluster/cluster.h"

#include <gmock/gmock.h>

#include <ostream>
#include <string>

namespace cluster {

inline void PrintTo(const Result& result, std::ostream* stream) {  // NOLINT: GoogleTest's name
  *stream << "exit code " << result.code << (result.timed_out ? ", timed out" : "")
          << (result.killed ? ", killed" : "") << ", after " << result.took.count()
          << " ms, standard error:\n"
          << result.err;
}

}  // namespace cluster

namespace live {

using ResultMatcher = ::testing::Matcher<const cluster::Result&>;

inline std::size_t count_exit_reasons(const std::string& err) {
  const std::string prefix = "ocf-exit-reason:";
  std::size_t count = 0;
  for (auto at = err.find(prefix); at != std::string::npos; at = err.find(prefix, at + 1)) {
    ++count;
  }
  return count;
}

inline std::string last_line(const std::string& err) {
  const auto end = err.find_last_not_of('\n');
  if (end == std::string::npos) {
    return {};
  }
  const auto begin = err.rfind('\n', end);
  return err.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

// Exit code 0 and no exit reason.
inline ResultMatcher succeeds() {
  using ::testing::Field;
  return ::testing::AllOf(Field("code", &cluster::Result::code, 0),
                          Field("timed_out", &cluster::Result::timed_out, false),
                          Field("err", &cluster::Result::err,
                                ::testing::ResultOf("exit reasons", count_exit_reasons, 0U)));
}

// This exit code before the timeout, and one exit reason, in the last line of standard error.
inline ResultMatcher fails(int code, const ::testing::Matcher<const std::string&>& reason) {
  using ::testing::Field;
  return ::testing::AllOf(Field("code", &cluster::Result::code, code),
                          Field("timed_out", &cluster::Result::timed_out, false),
                          Field("reason", &cluster::Result::reason, reason),
                          Field("err", &cluster::Result::err,
                                ::testing::ResultOf("exit reasons", count_exit_reasons, 1U)),
                          Field("err", &cluster::Result::err,
                                ::testing::ResultOf("last line", last_line,
                                                    ::testing::StartsWith("ocf-exit-reason:"))));
}

// The result of a probe if nothing runs.
inline ResultMatcher is_not_running() { return fails(7, ::testing::HasSubstr("not running")); }

}  // namespace live
