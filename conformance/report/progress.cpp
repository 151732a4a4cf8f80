#include "conformance/report/progress.h"

#include "conformance/report/words.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <string_view>

namespace conformance {
namespace {

constexpr auto shortest_pause = std::chrono::milliseconds(100);

// The current width of the terminal, which may have been resized.
std::size_t columns_of(int descriptor) {
  constexpr std::size_t usual = 80;
  winsize size{};
  const bool is_known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : usual;
}

// The columns of a line, without colour codes.
std::size_t columns_taken(const ProgressState& state, std::size_t columns) {
  return length(progress_line(state, columns, Colors::none));
}

}  // namespace

Colors colors_for(const char* no_color) {
  return no_color == nullptr || *no_color == '\0' ? Colors::ansi : Colors::none;
}

std::string progress_line(const ProgressState& state, std::size_t columns, Colors colors) {
  const std::string count = std::to_string(state.finished) + "/" + std::to_string(state.total);
  const std::string failed = std::to_string(state.failed) + " failed";
  constexpr std::string_view gap = "  ";
  const std::size_t taken = count.size() + gap.size() + failed.size();
  if (taken > columns) {
    return count.substr(0, columns);
  }
  const bool is_red = colors == Colors::ansi && state.failed > 0;
  std::string line = count;
  line += gap;
  line += is_red ? "\x1b[31m" + failed + "\x1b[0m" : failed;

  constexpr std::string_view dots = "...";
  const std::string name = plain_line(state.name);
  if (name.empty() || columns < taken + gap.size() + dots.size()) {
    return line;
  }
  const std::size_t room = columns - taken - gap.size();
  line += gap;
  if (length(name) <= room) {
    return line + name;
  }
  line += head(name, room - dots.size());
  line += dots;
  return line;
}

Progress::Progress(int descriptor, std::size_t total, Colors colors, const host::Clock& clock)
    : descriptor_(descriptor),
      is_terminal_(isatty(descriptor) == 1),
      colors_(colors),
      clock_(clock),
      state_{.total = total} {}

Progress::~Progress() { clear(); }

void Progress::begin(const Question& question, const std::string& rig) {
  state_.name = question.name + " [" + rig + "]";
  refresh();
}

void Progress::end(Outcome::Verdict verdict) {
  ++state_.finished;
  if (verdict == Outcome::Verdict::failed || verdict == Outcome::Verdict::broken) {
    ++state_.failed;
  }
}

void Progress::refresh() {
  if (!is_terminal_) {
    return;
  }
  const auto now = clock_.now();
  if (drawn_ && now < *drawn_ + shortest_pause) {
    return;
  }
  drawn_ = now;
  // In some terminals a character in the last column begins a new line.
  const std::size_t columns = columns_of(descriptor_) - 1;
  const std::size_t taken = columns_taken(state_, columns);
  std::string line = "\r" + progress_line(state_, columns, colors_);
  if (taken < shown_) {
    line.append(shown_ - taken, ' ');
  }
  write(line);
  shown_ = taken;
}

void Progress::clear() {
  if (shown_ > 0) {
    write("\r" + std::string(shown_, ' ') + "\r");
    shown_ = 0;
    drawn_.reset();
  }
}

void Progress::write(const std::string& text) const {
  // Errors are ignored: progress is not essential.
  [[maybe_unused]] const auto written = ::write(descriptor_, text.data(), text.size());
}

}  // namespace conformance
