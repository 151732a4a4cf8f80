#include "conformance/faults/trace.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace faults {
namespace {

std::string call_name(std::string_view line) {
  const auto end = line.find('(');
  const auto name = line.substr(0, end);
  const bool is_name =
      end != std::string_view::npos && !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  return is_name ? std::string(name) : std::string();
}

// The pid that a call returned which makes a process.
std::optional<int> child_made_by(const Call& call) {
  static const std::set<std::string> forks = {"clone", "clone3", "fork", "vfork"};
  const auto equals = call.text.rfind(" = ");
  if (!forks.contains(call.name) || equals == std::string::npos) {
    return std::nullopt;
  }
  int pid = 0;
  std::from_chars(call.text.data() + equals + 3, call.text.data() + call.text.size(), pid);
  return pid > 0 ? std::optional(pid) : std::nullopt;
}

std::vector<Call> calls_in(const std::string& log) {
  std::map<std::string, int> seen;
  std::vector<Call> calls;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (auto name = call_name(line); !name.empty()) {
      const int occurrence = ++seen[name];
      calls.push_back({.name = std::move(name), .occurrence = occurrence, .text = line});
    }
  }
  return calls;
}

void add_process(Trace& trace, const std::string& name, int pid,
                 const std::map<int, std::vector<Call>>& calls) {
  const auto own = calls.find(pid);
  if (own == calls.end()) {
    return;
  }
  trace.push_back({.name = name, .calls = own->second});
  int children = 0;
  for (const auto& call : own->second) {
    if (const auto child = child_made_by(call)) {
      add_process(trace, name + "." + std::to_string(++children), *child, calls);
    }
  }
}

}  // namespace

Trace trace_of(const std::map<int, std::string>& logs) {
  std::map<int, std::vector<Call>> calls;
  std::set<int> made;
  for (const auto& [pid, log] : logs) {
    calls[pid] = calls_in(log);
    for (const auto& call : calls[pid]) {
      if (const auto child = child_made_by(call)) {
        made.insert(*child);
      }
    }
  }
  Trace trace;
  for (const auto& [pid, own] : calls) {
    if (!made.contains(pid)) {
      add_process(trace, "agent", pid, calls);
    }
  }
  return trace;
}

std::map<int, std::string> read_logs(const std::string& prefix) {
  const std::filesystem::path path(prefix);
  std::map<int, std::string> logs;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path())) {
    if (entry.path().stem() == path.filename()) {
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      logs.emplace(std::stoi(entry.path().extension().string().substr(1)), text.str());
    }
  }
  return logs;
}

std::string injected_call(const std::string& log) {
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("(INJECTED)") != std::string::npos) {
      return line;
    }
  }
  return {};
}

}  // namespace faults
