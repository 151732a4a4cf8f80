#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calibration {

enum class Command { check, record, play };

struct CommandLine {
  Command command = Command::check;
  std::vector<std::string> files;
  std::vector<std::string> only;
  bool is_quick = false;
  bool prints = false;          // and does not change the files
  std::string exceptions = {};  // the file; empty: none
  // Where the programs are that situations name.
  std::map<std::string, std::string> programs = {{"kamailio", "/usr/sbin/kamailio"},
                                                 {"kamctl", "/usr/sbin/kamctl"},
                                                 {"sipsak", "/usr/bin/sipsak"}};
};

extern const char* const usage;

// Of the words behind the program's name; nothing if they are wrong.
[[nodiscard]] std::optional<CommandLine> parse(const std::vector<std::string>& words);

}  // namespace calibration
