#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace host {

// Keeps the first 64 KiB of a program's output, without the lines that contain a certain text.
class KeptOutput {
 public:
  static constexpr std::size_t most = 64UL * 1024;

  // If `ignored` is empty, all lines are kept, each as soon as it begins.
  explicit KeptOutput(std::string ignored = {}) : ignored_(std::move(ignored)) {}

  void add(std::string_view bytes);
  // Marks the end of the output: a last line without a line end counts, too.
  void end();

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void keep(std::string_view bytes);

  std::string ignored_;
  std::string line_;  // the line that has not ended yet, as far as it may be kept
  std::string text_;
};

}  // namespace host
