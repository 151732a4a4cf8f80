#include "agent/kamailio/pid_file.h"

#include "agent/host/accounts.h"
#include "agent/host/file_system.h"
#include "agent/host/log.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kamailio {
namespace {

constexpr std::uint64_t largest = 64;  // bytes

std::string directory_of(const PidFilePath& pidfile) {
  return pidfile.path.substr(0, pidfile.path.rfind('/'));
}

// The agent creates the default directory itself, so somebody else has created a link in its place.
bool leads_elsewhere(const host::Host& host, const PidFilePath& pidfile) {
  const auto status = host.files.link_status(directory_of(pidfile));
  return pidfile.origin == PidFilePath::Origin::default_path && status &&
         status->type == host::FileType::symbolic_link;
}

}  // namespace

host::Result<void> remove_pid_file(const host::Host& host, const PidFilePath& pidfile) {
  const auto status = host.files.link_status(pidfile.path);
  if (!status && status.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  if (!status) {
    return tl::unexpected(status.error());
  }
  if (leads_elsewhere(host, pidfile)) {
    return tl::unexpected(host::Error{
        .text = pidfile.path + ": not removed, since its directory is a symbolic link"});
  }
  const bool is_link = status->type == host::FileType::symbolic_link;
  // The service's user must not be able to prevent a later start by the content of its PID file.
  const bool is_pid_file =
      status->type == host::FileType::regular &&
      (status->size <= largest || pidfile.origin == PidFilePath::Origin::default_path);
  if (!is_link && !is_pid_file) {
    return tl::unexpected(host::Error{
        .text = pidfile.path +
                ": not removed, since it is not a PID file (a regular file of at most " +
                std::to_string(largest) + " bytes); remove it by hand or correct pidfile"});
  }
  auto removed = host.files.remove_file(pidfile.path);
  if (!removed && removed.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  return removed;
}

host::Result<void> remove_pid_directory(const host::Host& host, const PidFilePath& pidfile) {
  if (pidfile.origin != PidFilePath::Origin::default_path || leads_elsewhere(host, pidfile)) {
    return {};
  }
  auto removed = host.files.remove_directory(directory_of(pidfile));
  if (!removed && (removed.error().kind == host::ErrorKind::not_found ||
                   removed.error().kind == host::ErrorKind::not_empty)) {
    return {};
  }
  return removed;
}

host::Result<void> prepare_pid_directory(const host::Host& host, const PidFilePath& pidfile) {
  const std::string directory = directory_of(pidfile);
  if (directory.empty()) {
    return {};  // the root directory
  }
  if (auto made = host.files.create_directory(directory); !made) {
    return made;
  }
  if (pidfile.origin == PidFilePath::Origin::user ||
      host.accounts.privilege() != host::Privilege::root) {
    return {};
  }
  const auto exposure = host.files.exposure(directory);
  if (!exposure) {
    return tl::unexpected(exposure.error());
  }
  if (!*exposure) {
    return {};
  }
  host.log.write(host::Level::info,
                 host::text_of(**exposure) + ": making root the owner of " + directory);
  return host.files.take_directory(directory);
}

host::Result<std::optional<host::Exposure>> exposure_of_pid_file(const host::Host& host,
                                                                 const PidFilePath& pidfile) {
  if (host.accounts.privilege() != host::Privilege::root) {
    return std::nullopt;
  }
  const std::string directory = directory_of(pidfile);
  return host.files.exposure(directory.empty() ? "/" : directory);
}

}  // namespace kamailio
