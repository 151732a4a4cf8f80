#include "sim/calibration/command_line.h"

#include <cstddef>

namespace calibration {
namespace {

std::optional<Command> command_of(const std::string& word) {
  if (word == "check") {
    return Command::check;
  }
  if (word == "record") {
    return Command::record;
  }
  return word == "play" ? std::optional(Command::play) : std::nullopt;
}

// NAME=PATH of a program that is known.
bool set_program(CommandLine& line, const std::string& word) {
  const auto equals = word.find('=');
  const auto program = line.programs.find(word.substr(0, equals));
  if (equals == std::string::npos || program == line.programs.end()) {
    return false;
  }
  program->second = word.substr(equals + 1);
  return true;
}

}  // namespace

const char* const usage =
    "usage: kamailio-calibrate check [OPTION...] FILE...\n"
    "       kamailio-calibrate record [OPTION...] FILE...\n"
    "       kamailio-calibrate play FILE ID\n"
    "  check   plays the situations of the files and tells where the programs do otherwise\n"
    "  record  plays them and writes into the files what was seen\n"
    "  play    plays one on this machine, which ci/in-node has made, and prints what was seen\n"
    "  --quick     leaves out the slow ones\n"
    "  --only ID   this one; may be repeated\n"
    "  --stdout    with record: prints the files instead\n"
    "  --exceptions FILE   with check, of fake programs: what they may do otherwise\n"
    "  --program NAME=PATH   that one for kamailio, kamctl or sipsak; may be repeated\n"
    "Exit code: 0 all as recorded, 1 something differs, 2 wrong arguments or files.\n";

std::optional<CommandLine> parse(const std::vector<std::string>& words) {
  const auto command = words.empty() ? std::nullopt : command_of(words.front());
  if (!command) {
    return std::nullopt;
  }
  CommandLine line{.command = *command};
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto& word = words[i];
    if (!word.starts_with('-')) {
      line.files.push_back(word);
    } else if (word == "--quick") {
      line.is_quick = true;
    } else if (word == "--stdout" && line.command == Command::record) {
      line.prints = true;
    } else if (word == "--exceptions" && line.command == Command::check && i + 1 < words.size()) {
      line.exceptions = words[++i];
    } else if (word == "--only" && i + 1 < words.size()) {
      line.only.push_back(words[++i]);
    } else if (word == "--program" && i + 1 < words.size() && set_program(line, words[i + 1])) {
      ++i;
    } else {
      return std::nullopt;
    }
  }
  if (line.command == Command::play) {
    if (line.files.size() != 2) {
      return std::nullopt;
    }
    line.only = {line.files[1]};
    line.files.pop_back();
  }
  return line.files.empty() ? std::nullopt : std::optional(line);
}

}  // namespace calibration
