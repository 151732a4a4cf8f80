#include "agent/kamailio/program.h"

#include "agent/host/accounts.h"
#include "agent/host/file_system.h"
#include "agent/kamailio/reasons.h"

#include <initializer_list>
#include <utility>

namespace kamailio {
namespace {

constexpr std::string_view loopback = "127.0.0.1";

void add(std::vector<std::string>& command, std::initializer_list<std::string> words) {
  command.insert(command.end(), words);
}

void add_listeners(std::vector<std::string>& command, const Parameters& parameters) {
  if (parameters.proto.listeners == Proto::Listeners::from_conffile || !parameters.listen_address) {
    return;
  }
  if (parameters.proto.transports == std::vector{Transport::udp}) {
    command.emplace_back("-T");  // no TCP at all
  }
  const auto& address = *parameters.listen_address;
  for (const auto transport : parameters.proto.transports) {
    const auto listen = [&](const std::string& address_text) {
      add(command, {"-l", std::string(name_of(transport)) + ":" + address_text + ":" +
                              std::to_string(parameters.port)});
    };
    listen(address.as_host());
    // If Kamailio listens on the wildcard address, it cannot bind the loopback address, too.
    if (!address.is_loopback && !address.is_any) {
      listen(std::string(loopback));
    }
  }
}

}  // namespace

host::Result<std::string> find_program(const host::Host& host, const Program& program) {
  for (const auto& place : program.places) {
    const auto access = host.files.check_access(place, host::Access::execute);
    if (access) {
      return place;
    }
    if (access.error().kind != host::ErrorKind::not_found) {
      return tl::unexpected(host::Error{.kind = access.error().kind,
                                        .text = say<Reason::program_not_executable>(
                                            program.parameter, place, access.error().text)});
    }
  }
  const auto& [name, places] = program;
  return tl::unexpected(host::Error{
      .kind = host::ErrorKind::not_found,
      .text = places.size() == 1 ? say<Reason::program_missing>(name, places.front())
                                 : say<Reason::program_missing_everywhere>(name, places.front())});
}

std::vector<std::string> daemon_command(const std::string& binary, const Parameters& parameters) {
  std::vector<std::string> command = {binary, "-P", parameters.pidfile.path, "-f",
                                      parameters.conffile};
  add_listeners(command, parameters);
  if (!parameters.kamuser.empty()) {
    add(command, {"-u", parameters.kamuser});
  }
  if (!parameters.kamgroup.empty()) {
    add(command, {"-g", parameters.kamgroup});
  }
  command.insert(command.end(), parameters.extra_options.begin(), parameters.extra_options.end());
  return command;
}

std::vector<std::string> config_check_command(const std::string& binary,
                                              const Parameters& parameters) {
  // -E: otherwise errors in its options go to syslog.
  std::vector<std::string> command = {binary, "-c", "-E", "-f", parameters.conffile};
  command.insert(command.end(), parameters.extra_options.begin(), parameters.extra_options.end());
  return command;
}

Parameters with_group(const host::Host& host, Parameters parameters) {
  if (ocf::parse_number(parameters.kamuser) && parameters.kamgroup.empty()) {
    if (const auto user = host.accounts.find_user(parameters.kamuser)) {
      parameters.kamgroup = std::to_string(user->primary_group);
    }
  }
  return parameters;
}

}  // namespace kamailio
