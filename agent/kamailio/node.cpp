#include "agent/kamailio/node.h"

#include "agent/host/accounts.h"
#include "agent/host/file_system.h"
#include "agent/kamailio/pid_file.h"
#include "agent/kamailio/program.h"

#include <algorithm>

namespace kamailio {
namespace {

using ocf::ExitCode;

// Gathers what is missing.
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
      check_file("kamctlrc", parameters_.kamctlrc, ExitCode::not_installed, kamctlrc_advice);
    }
    check_file("conffile", parameters_.conffile, ExitCode::invalid_arguments);
    check_accounts();
    check_pid_directory();
    if (outcome_.code != ExitCode::success) {
      return tl::unexpected(outcome_);
    }
    return binary;
  }

 private:
  void miss(ExitCode code, const std::string& text) {
    outcome_.code = outcome_.code == ExitCode::success ? code : outcome_.code;
    outcome_.reason += (outcome_.reason.empty() ? "" : "; ") + text;
  }

  std::string check_program(const Program& program) {
    const auto found = find_program(host_, program);
    if (!found) {
      miss(code_for(found.error().kind, ExitCode::not_installed), found.error().text);
    }
    return found.value_or("");
  }

  void check_file(const std::string& name, const std::string& path, ExitCode missing,
                  const std::string& advice = {}) {
    const auto readable = host_.files.check_access(path, host::Access::read);
    const auto status = host_.files.status(path);
    if (!readable) {
      miss(code_for(readable.error().kind, missing), name + "=" + readable.error().text + advice);
    } else if (status && status->type != host::FileType::regular) {
      miss(ExitCode::invalid_arguments, name + "=" + path + ": expected a regular file");
    }
  }

  void check_accounts() {
    const auto& user = parameters_.kamuser;
    const auto& group = parameters_.kamgroup;
    if (user.empty() && group.empty()) {
      return;
    }
    if (host_.accounts.privilege() != host::Privilege::root) {
      miss(ExitCode::not_permitted, "kamuser and kamgroup need root, and the agent is not root");
    }
    if (!user.empty()) {
      check_account("kamuser=" + user, host_.accounts.find_user(user));
    }
    if (!group.empty()) {
      check_account("kamgroup=" + group, host_.accounts.find_group(group));
    }
  }

  template <typename Account>
  void check_account(const std::string& subject, const host::Result<Account>& found) {
    if (!found) {
      miss(code_for(found.error().kind, ExitCode::invalid_arguments),
           subject + ": " + found.error().text);
    }
  }

  // It may be missing, since start makes it. It must be a directory in which only root can write;
  // prepare_pid_directory() says why.
  void check_pid_directory() {
    const std::string path =
        parameters_.pidfile.path.substr(0, parameters_.pidfile.path.rfind('/'));
    const auto status = host_.files.status(path.empty() ? "/" : path);
    if (status && status->type != host::FileType::directory) {
      miss(ExitCode::invalid_arguments,
           "pidfile=" + parameters_.pidfile.path + ": " + path + " exists and is not a directory");
      return;
    }
    if (parameters_.pidfile.origin == PidFilePath::Origin::default_path) {
      return;
    }
    const auto exposure = exposure_of_pid_file(host_, parameters_.pidfile);
    if (!exposure) {
      miss(code_for(exposure.error().kind, ExitCode::invalid_arguments),
           "pidfile=" + exposure.error().text);
    } else if (*exposure) {
      miss(ExitCode::invalid_arguments,
           "pidfile=" + parameters_.pidfile.path + ": " + host::text_of(**exposure) +
               ", so that others can make Kamailio overwrite any file as root; leave pidfile "
               "unset, or give the directory to root with mode 0755");
    }
  }

  const host::Host& host_;
  const Parameters& parameters_;
  ocf::Outcome outcome_;
};

}  // namespace

ExitCode code_for(host::ErrorKind kind, ExitCode missing) {
  switch (kind) {
    case host::ErrorKind::not_found:
      return missing;
    case host::ErrorKind::not_permitted:
      return ExitCode::not_permitted;
    case host::ErrorKind::not_empty:
    case host::ErrorKind::failed:
      break;  // it may be over in a moment, and any other code would ban the node
  }
  return ExitCode::generic_error;
}

tl::expected<std::string, ocf::Outcome> inspect_node(const host::Host& host,
                                                     const Parameters& parameters) {
  return Inspection(host, parameters).run();
}

}  // namespace kamailio
