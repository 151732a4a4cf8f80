#include "sim/calibration/facts_reader.h"

#include "sim/calibration/given_reader.h"
#include "sim/calibration/words.h"

#include <chrono>
#include <utility>

namespace calibration {
namespace {

using yaml::list_in;
using yaml::Misread;
using yaml::reject;
using yaml::Table;
using yaml::Tree;
using yaml::word_in;
using yaml::words_in;

using namespace std::chrono_literals;

int read_number(const Tree& tree, const char* what) {
  const auto number = number_of(word_in(tree, what));
  if (!number) {
    reject(tree, what, "a whole number");
  }
  return *number;
}

Processes read_processes(const Tree& tree) {
  Table table(tree, "a left process");
  Processes processes{.is = word_in(table.need("is"), "is"),
                      .user = word_in(table.need("user"), "user")};
  if (const auto* const count = table.find("count")) {
    processes.count = read_number(count->value, "count");
  }
  if (const auto* const stopped = table.find("stopped")) {
    processes.is_stopped = word_in(stopped->value, "stopped") == "true";
  }
  table.finish();
  return processes;
}

LeftFile read_left_file(const Tree& tree) {
  Table table(tree, "a left file");
  LeftFile file{.path = word_in(table.need("path"), "path"), .is = word_in(table.need("is"), "is")};
  const auto& owner = word_in(table.need("owner"), "owner");
  const auto colon = owner.find(':');
  const auto mode = mode_of(word_in(table.need("mode"), "mode"));
  if (colon == std::string::npos || !mode) {
    throw Misread{tree.place, "owner has to be USER:GROUP, and mode an octal number, as \"0644\""};
  }
  file.access = {.user = owner.substr(0, colon), .group = owner.substr(colon + 1), .mode = *mode};
  if (const auto* const names = table.find("names")) {
    file.names = word_in(names->value, "names");
  }
  table.finish();
  return file;
}

}  // namespace

Ending read_ending(Table& table) {
  Ending ending;
  if (const auto* const code = table.find("exit")) {
    ending = Exited{read_number(code->value, "exit code")};
  }
  if (const auto* const signal = table.find("killed_by")) {
    ending = Killed{read_signal(signal->value)};
  }
  if (const auto* const hangs = table.find("hangs")) {
    if (word_in(hangs->value, "hangs") != "true") {
      reject(hangs->value, "value of hangs", "true, or be left out");
    }
    ending = Hangs{};
  }
  if (const auto* const answer = table.find("answer")) {
    ending = Answered{word_in(answer->value, "an answer")};
  }
  return ending;
}

std::optional<std::vector<std::string>> read_lines(Table& table, const char* key) {
  const auto* const found = table.find(key);
  return found == nullptr ? std::nullopt : std::optional(words_in(found->value, key));
}

TimeRange read_range(const Tree& tree) {
  if (tree.kind == Tree::Kind::word && tree.word == "instant") {
    return {};
  }
  if (tree.kind != Tree::Kind::list || tree.items.size() != 2) {
    throw Misread{tree.place, "takes has to be instant, or [LEAST, MOST] in seconds"};
  }
  const TimeRange range{.least = read_seconds(tree.items[0], "takes"),
                        .most = read_seconds(tree.items[1], "takes")};
  if (range.most < range.least) {
    throw Misread{tree.place, "takes ends before it begins"};
  }
  return range;
}

Leaves read_leaves(Table& table) {
  Leaves leaves;
  const auto* const found = table.find("leaves");
  if (found == nullptr) {
    return leaves;
  }
  Table parts(found->value, "leaves");
  if (const auto* const processes = parts.find("processes")) {
    for (const auto& one : list_in(processes->value, "processes")) {
      leaves.processes.push_back(read_processes(one));
    }
  }
  if (const auto* const files = parts.find("files")) {
    for (const auto& one : list_in(files->value, "files")) {
      leaves.files.push_back(read_left_file(one));
    }
  }
  if (const auto* const listens = parts.find("listens")) {
    for (const auto& one : list_in(listens->value, "listens")) {
      leaves.listens.push_back(read_endpoint(one));
    }
  }
  parts.finish();
  return leaves;
}

}  // namespace calibration
