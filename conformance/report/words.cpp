#include "conformance/report/words.h"

#include "agent/base/utf8.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <sstream>

namespace conformance {

std::string_view word(Outcome::Verdict verdict) {
  switch (verdict) {
    case Outcome::Verdict::passed:
      return "passed";
    case Outcome::Verdict::failed:
      return "failed";
    case Outcome::Verdict::warned:
      return "warned";
    case Outcome::Verdict::broken:
      return "not run";
    case Outcome::Verdict::skipped:
      return "skipped";
  }
  return "";
}

std::string_view word(Requirement::Level level) {
  switch (level) {
    case Requirement::Level::must:
      return "MUST";
    case Requirement::Level::should:
      return "SHOULD";
    case Requirement::Level::may:
      return "MAY";
  }
  return "";
}

std::string seconds(host::Duration duration) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << std::chrono::duration<double>(duration).count()
       << " s";
  return text.str();
}

std::string step_of(const Finding& finding) {
  return finding.step.empty() ? "at the end" : finding.step;
}

std::string where(const Finding& finding) {
  const auto step = step_of(finding);
  return finding.line == 0 ? step : "line " + std::to_string(finding.line) + ", " + step;
}

std::string ids_of(const Question& question) {
  std::string ids;
  for (const auto& id : question.rests_on) {
    ids += (ids.empty() ? "" : ", ") + id;
  }
  return ids;
}

const Requirement* find_requirement(const Run& run, std::string_view id) {
  const auto found = std::ranges::find(run.requirements, id, &Requirement::id);
  return found == run.requirements.end() ? nullptr : &*found;
}

std::string requirement_line(const Run& run, const std::string& id) {
  const auto* const requirement = find_requirement(run, id);
  if (requirement == nullptr) {
    return id;
  }
  return id + " (" + requirement->source + ", " +
         (requirement->section.empty() ? "" : requirement->section + ", ") +
         std::string(word(requirement->level)) + "): " + requirement->says;
}

void Sum::add(Outcome::Verdict verdict) {
  switch (verdict) {
    case Outcome::Verdict::passed:
      ++passed;
      break;
    case Outcome::Verdict::failed:
      ++failed;
      break;
    case Outcome::Verdict::warned:
      ++warned;
      break;
    case Outcome::Verdict::broken:
      ++broken;
      break;
    case Outcome::Verdict::skipped:
      ++skipped;
      break;
  }
}

std::size_t Sum::of(Outcome::Verdict verdict) const {
  switch (verdict) {
    case Outcome::Verdict::passed:
      return passed;
    case Outcome::Verdict::failed:
      return failed;
    case Outcome::Verdict::warned:
      return warned;
    case Outcome::Verdict::broken:
      return broken;
    case Outcome::Verdict::skipped:
      return skipped;
  }
  return 0;
}

Sum sum_of(const Run& run) {
  Sum sum;
  for (const auto& outcome : run.outcomes) {
    sum.add(outcome.verdict);
  }
  return sum;
}

std::string sum_text(const Sum& sum) {
  std::string text =
      std::to_string(sum.passed) + " passed, " + std::to_string(sum.failed) + " failed";
  if (sum.broken > 0) {
    text += ", " + std::to_string(sum.broken) + " not run";
  }
  if (sum.warned > 0) {
    text += ", " + std::to_string(sum.warned) + " warned";
  }
  if (sum.skipped > 0) {
    text += ", " + std::to_string(sum.skipped) + " skipped";
  }
  return text;
}

namespace {

constexpr std::string_view replacement = "\uFFFD";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The symbols of control characters begin at U+2400; that of DEL is U+2421.
std::string picture(unsigned char control) {
  const auto last = static_cast<unsigned char>(control == 0x7F ? 0x21 : control);
  return {'\xE2', '\x90', static_cast<char>(0x80U | last)};
}

bool is_control(char32_t code) {
  return (code < 0x20 && code != U'\n' && code != U'\t') || code == 0x7F;
}

// Valid UTF-8 that must not be shown: the controls U+0080 to U+009F, characters that change the
// direction of the text, and U+FFFE and U+FFFF.
bool is_unfit(char32_t code) {
  return (code >= 0x80 && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFFFE || code == 0xFFFF;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  while (!text.empty()) {
    const auto character = base::first_character(text);
    const std::size_t size = character ? character->size : 1;
    if (!character || is_unfit(character->code)) {
      made += replacement;
    } else if (is_control(character->code)) {
      made += picture(static_cast<unsigned char>(text.front()));
    } else {
      made += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return made;
}

std::string plain_line(std::string_view text) {
  std::string line;
  for (const char byte : plain(text)) {
    const bool is_space = byte == '\n' || byte == '\t' || byte == ' ';
    if (!is_space) {
      line += byte;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.ends_with(' ')) {
    line.pop_back();
  }
  return line;
}

std::size_t length(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues));
}

std::string_view head(std::string_view text, std::size_t characters) {
  std::size_t bytes = 0;
  for (; bytes < text.size(); ++bytes) {
    if (!continues(text[bytes]) && characters-- == 0) {
      break;
    }
  }
  return text.substr(0, bytes);
}

std::string cut(std::string text, std::size_t characters) {
  const std::size_t all = length(text);
  if (all <= characters) {
    return text;
  }
  return std::string(head(text, characters)) + "... and " + std::to_string(all - characters) +
         " more characters";
}

}  // namespace conformance
