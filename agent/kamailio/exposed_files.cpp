#include "agent/kamailio/exposed_files.h"

#include "agent/host/accounts.h"
#include "agent/host/file_system.h"
#include "agent/host/log.h"
#include "agent/kamailio/program.h"

#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

struct LoadedFile {
  std::string name;  // the parameter, or the program that reads it
  std::string path;
};

std::vector<LoadedFile> files_loaded_as_root(const host::Host& host, const Parameters& parameters) {
  std::vector<LoadedFile> files;
  const auto add_program = [&](const Program& program) {
    if (auto path = find_program(host, program)) {
      files.push_back({.name = program.parameter, .path = *std::move(path)});
    }
  };
  add_program(parameters.binary);
  if (parameters.probe == Probe::sipsak) {
    add_program(parameters.sipsak);
  }
  files.push_back({.name = "conffile", .path = parameters.conffile});
  if (parameters.kamctlrc.empty()) {
    return files;
  }
  files.push_back({.name = "kamctlrc", .path = parameters.kamctlrc});
  if (const auto kamctl = find_program(host, parameters.kamctl)) {
    const auto directory = kamctl->substr(0, kamctl->rfind('/'));
    files.push_back({.name = "kamctl", .path = *kamctl});
    for (const std::string& path : {directory + "/kamctlrc", std::string("/etc/kamailio/kamctlrc"),
                                    std::string("/root/.kamctlrc")}) {
      if (path != parameters.kamctlrc) {
        files.push_back({.name = "read by kamctl", .path = path});
      }
    }
  }
  return files;
}

}  // namespace

void warn_of_exposed_files(const host::Host& host, const Parameters& parameters) {
  if (host.accounts.privilege() != host::Privilege::root) {
    return;
  }
  for (const auto& [name, path] : files_loaded_as_root(host, parameters)) {
    const auto exposure = host.files.exposure(path);
    if (exposure && *exposure) {
      host.log.write(host::Level::warning,
                     path + " (" + name + ") is used as root, but " + host::text_of(**exposure) +
                         ", so that others can run commands as root: give it to root and let only "
                         "root write there");
    }
  }
}

}  // namespace kamailio
