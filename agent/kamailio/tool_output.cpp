#include "agent/kamailio/tool_output.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

constexpr char escape = '\x1B';

// The line without control characters and ECMA-48 control sequences (ESC [ ... letter), trimmed.
std::string plain(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == escape && i + 1 < line.size() && line[i + 1] == '[') {
      i += 2;
      while (i < line.size() && (line[i] < '@' || line[i] > '~')) {
        ++i;
      }
    } else if (static_cast<unsigned char>(line[i]) >= 0x20 || line[i] == '\t') {
      text += line[i];
    }
  }
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (auto line = plain(text.substr(0, end)); !line.empty()) {
      lines.push_back(std::move(line));
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace

std::string first_line(std::string_view text) { return first_line_with("", text); }

std::string first_line_with(std::string_view part, std::string_view text) {
  for (auto& line : lines_of(text)) {
    if (line.find(part) != std::string::npos) {
      return std::move(line);
    }
  }
  return {};
}

std::string first_error_line(std::string_view text) {
  for (auto& line : lines_of(text)) {
    std::string lower = line;
    std::ranges::transform(lower, lower.begin(),
                           [](char byte) { return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte; });
    if (lower.find("error") != std::string::npos) {
      return std::move(line);
    }
  }
  return {};
}

std::string last_line_starting(std::string_view start, std::string_view text) {
  std::string last;
  for (auto& line : lines_of(text)) {
    if (line.starts_with(start)) {
      last = std::move(line);
    }
  }
  return last;
}

bool has_line_with(std::string_view part, std::string_view text) {
  return !first_line_with(part, text).empty();
}

}  // namespace kamailio
