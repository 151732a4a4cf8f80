#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace host {

// What is kept of a program's output: the first 64 KiB of the lines that do not have a certain
// text.
class KeptOutput {
 public:
  static constexpr std::size_t most = 64UL * 1024;

  // Empty: all lines are kept, and a line as soon as it begins.
  explicit KeptOutput(std::string ignored = {}) : ignored_(std::move(ignored)) {}

  void add(std::string_view bytes);
  // No more will come: what has no line end yet counts, too.
  void end();

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void keep(std::string_view bytes);

  std::string ignored_;
  std::string line_;  // that has not ended yet, as far as it may be kept
  std::string text_;
};

}  // namespace host
