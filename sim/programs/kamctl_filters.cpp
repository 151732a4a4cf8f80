#include "sim/programs/kamctl_filters.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace sim {
namespace {

using Take = std::function<std::string(std::string_view)>;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (auto end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

// Applies a function to each line; the last one may lack a line end.
std::string by_line(std::string_view text, const Take& take) {
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  std::string result;
  for (const auto line : split(text, '\n')) {
    result += take(line);
  }
  return result;
}

std::string line_of(std::string_view text) { return std::string(text) + "\n"; }

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

// "result": [ITEM, ITEM],
std::string lines_of_list(std::string_view line) {
  const auto bracket = line.find('[') + 1;
  std::string lines = line_of(line.substr(0, bracket));
  for (auto item : split(line.substr(bracket), ',')) {
    item = without_blanks(item);
    if (item.ends_with('{') || item.ends_with('[')) {
      lines += "\t\t" + line_of(item);
    } else if (item.ends_with(']')) {
      item.remove_suffix(1);
      lines += "\t\t" + line_of(item) + "\t],\n";
    } else if (!item.empty()) {
      lines += "\t\t" + std::string(item) + ",\n";
    }
  }
  return lines;
}

}  // namespace

std::string filter_json(std::string_view reply) {
  return by_line(reply, [](std::string_view line) -> std::string {
    if (line.starts_with("\t\"result\":\t[")) {
      return lines_of_list(line);
    }
    if (line.ends_with("}],")) {
      return line_of(line.substr(0, line.size() - 2)) + "\t],\n";
    }
    return line.empty() ? "" : line_of(line);
  });
}

std::string expand(std::string_view text) {
  return by_line(text, [](std::string_view line) {
    std::string expanded;
    for (const char c : line) {
      expanded += c == '\t' ? ' ' : c;
      if (c == '\t' && expanded.size() % 2 == 1) {
        expanded += ' ';
      }
    }
    return line_of(expanded);
  });
}

std::string grep(std::string_view text, std::initializer_list<std::string_view> words) {
  return by_line(text, [&](std::string_view line) {
    const bool is_meant = std::ranges::any_of(
        words, [&](auto word) { return line.find(word) != std::string_view::npos; });
    return is_meant ? line_of(line) : "";
  });
}

std::string quoted_field(std::string_view text, int number) {
  return by_line(text, [&](std::string_view line) {
    const auto fields = split(line, '"');
    const auto index = static_cast<std::size_t>(number) - 1;
    return line_of(index < fields.size() ? fields[index] : "");
  });
}

std::string unquoted(std::string text) {
  std::erase_if(text, [](char c) { return c == '"' || c == ','; });
  return text;
}

}  // namespace sim
