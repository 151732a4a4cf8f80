#pragma once

#include "agent/host/clock.h"
#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace conformance {

// Texts that all reports share.

// "passed"
[[nodiscard]] std::string_view word(Outcome::Verdict verdict);

// "MUST"
[[nodiscard]] std::string_view word(Requirement::Level level);

// "23.012 s"
[[nodiscard]] std::string seconds(host::Duration duration);

// "stop one, timeout 30s", or "at the end".
[[nodiscard]] std::string step_of(const Finding& finding);
// The step with its line, if it is known: "line 155, stop one".
[[nodiscard]] std::string where(const Finding& finding);

// "ocf.stop.force, cluster.timeout"
[[nodiscard]] std::string ids_of(const Question& question);

// Null if the run does not have the requirement.
[[nodiscard]] const Requirement* find_requirement(const Run& run, std::string_view id);

// "ocf.stop.force (OCF RA API 1.1, stop, MUST): A stop may ...", or just the id.
[[nodiscard]] std::string requirement_line(const Run& run, const std::string& id);

struct Sum {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t warned = 0;
  std::size_t broken = 0;
  std::size_t skipped = 0;

  void add(Outcome::Verdict verdict);
  [[nodiscard]] std::size_t of(Outcome::Verdict verdict) const;
};

[[nodiscard]] Sum sum_of(const Run& run);

// "329 passed, 2 failed", followed by the nonzero totals of other results.
[[nodiscard]] std::string sum_text(const Sum& sum);

// Makes the output of an agent or a server safe for any report: valid UTF-8 without control
// characters that XML 1.0 cannot contain and a terminal would execute. Each is replaced by its
// symbol (U+241B for ESC), and each byte that is not UTF-8 by U+FFFD. Line feeds and tabs stay.
[[nodiscard]] std::string plain(std::string_view text);

// The same in one line: each run of white space becomes a space.
[[nodiscard]] std::string plain_line(std::string_view text);

// At most `characters` characters of plain text, followed by the number of omitted ones.
[[nodiscard]] std::string cut(std::string text, std::size_t characters);

// The number of characters of plain text, which is close to its columns.
[[nodiscard]] std::size_t length(std::string_view text);

// The first `characters` characters of plain text.
[[nodiscard]] std::string_view head(std::string_view text, std::size_t characters);

}  // namespace conformance
