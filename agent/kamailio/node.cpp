#include "agent/kamailio/node.h"

#include "agent/host/accounts.h"
#include "agent/host/file_system.h"
#include "agent/host/log.h"
#include "agent/kamailio/pid_file.h"
#include "agent/kamailio/program.h"
#include "agent/kamailio/reasons.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

using ocf::ExitCode;

// Collects everything that is missing.
class Inspection {
 public:
  Inspection(const host::Host& host, const Parameters& parameters)
      : host_(host), parameters_(parameters) {}

  tl::expected<std::string, ocf::Outcome> run() {
    auto binary = check_program(parameters_.binary);
    if (parameters_.probe == Probe::sipsak) {
      check_program(parameters_.sipsak);
    }
    if (!parameters_.kamctlrc.empty()) {
      check_program(parameters_.kamctl);
      check_file<Reason::kamctlrc_not_readable>("kamctlrc", parameters_.kamctlrc);
    }
    check_file<Reason::conffile_not_readable>("conffile", parameters_.conffile);
    check_accounts();
    check_pid_directory();
    if (outcome_.code != ExitCode::success) {
      return tl::unexpected(outcome_);
    }
    return binary;
  }

 private:
  void miss(const ocf::Outcome& missing) {
    outcome_.code = outcome_.code == ExitCode::success ? missing.code : outcome_.code;
    add_reason(outcome_.reason, missing.reason);
  }

  std::string check_program(const Program& program) {
    const auto found = find_program(host_, program);
    if (!found) {
      miss({.code = code_for(found.error().kind, ExitCode::not_installed),
            .reason = found.error().text});
    }
    return found.value_or("");
  }

  template <Reason not_readable>
  void check_file(const std::string& name, const std::string& path) {
    const auto readable = host_.files.check_access(path, host::Access::read);
    const auto status = host_.files.status(path);
    if (!readable) {
      miss(fail_by<not_readable>(readable.error()));
    } else if (status && status->type != host::FileType::regular) {
      miss(fail<Reason::file_not_regular>(name, path));
    }
  }

  void check_accounts() {
    const auto& user = parameters_.kamuser;
    const auto& group = parameters_.kamgroup;
    if (user.empty() && group.empty()) {
      return;
    }
    if (host_.accounts.privilege() != host::Privilege::root) {
      miss(fail<Reason::accounts_need_root>());
    }
    if (!user.empty()) {
      check_account("kamuser", user, host_.accounts.find_user(user));
    }
    if (!group.empty()) {
      check_account("kamgroup", group, host_.accounts.find_group(group));
    }
  }

  template <typename Account>
  void check_account(const std::string& parameter, const std::string& name,
                     const host::Result<Account>& found) {
    if (!found) {
      miss({.code = code_for(found.error().kind, ExitCode::invalid_arguments),
            .reason = say<Reason::account_not_found>(parameter, name, found.error().text)});
    }
  }

  // It may be missing, since start creates it. It must be a directory in which only root can write;
  // prepare_pid_directory() gives the reason.
  void check_pid_directory() {
    const std::string path =
        parameters_.pidfile.path.substr(0, parameters_.pidfile.path.rfind('/'));
    const auto status = host_.files.status(path.empty() ? "/" : path);
    if (status && status->type != host::FileType::directory) {
      miss(fail<Reason::pid_directory_no_directory>(parameters_.pidfile.path, path));
      return;
    }
    if (parameters_.pidfile.origin == PidFilePath::Origin::default_path) {
      return;
    }
    const auto exposure = exposure_of_pid_file(host_, parameters_.pidfile);
    if (!exposure) {
      miss(fail_by<Reason::pid_directory_not_readable>(exposure.error()));
    } else if (*exposure) {
      miss(
          fail<Reason::pid_directory_exposed>(parameters_.pidfile.path, host::text_of(**exposure)));
    }
  }

  const host::Host& host_;
  const Parameters& parameters_;
  ocf::Outcome outcome_;
};

}  // namespace

tl::expected<std::string, ocf::Outcome> inspect_node(const host::Host& host,
                                                     const Parameters& parameters) {
  return Inspection(host, parameters).run();
}

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
      host.log.write(
          host::Level::warning,
          path + " (" + name + ") is used as root, but " + host::text_of(**exposure) +
              ", so that others can run commands as root: make root its owner, and the only "
              "user who can write there");
    }
  }
}

void warn_of_own_service(const host::Host& host) {
  // systemd.unit(5): "systemctl enable" creates the first link because of
  // WantedBy=multi-user.target, "mask" the second.
  const std::string units = "/etc/systemd/system/";
  const auto mask = host.files.link_status(units + "kamailio.service");
  const bool is_masked = mask && mask->type == host::FileType::symbolic_link;
  if (!is_masked && host.files.link_status(units + "multi-user.target.wants/kamailio.service")) {
    host.log.write(
        host::Level::warning,
        "kamailio.service is enabled, and takes ports and RPC sockets from the instances of "
        "the cluster: run systemctl disable --now kamailio && systemctl mask kamailio");
  }
}

}  // namespace kamailio
