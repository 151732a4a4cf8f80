#include "agent/kamailio/trusted_users.h"

#include "agent/host/accounts.h"
#include "agent/host/file_system.h"
#include "agent/kamailio/command_line.h"
#include "agent/kamailio/pid_file.h"
#include "agent/ocf/request.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kamailio {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text;
}

// The value of a line such as `user = "kamailio"`, if it is one.
std::optional<std::string> value_of_user(std::string_view line) {
  line = without_leading_blanks(line);
  constexpr std::array<std::string_view, 2> names = {"user", "uid"};
  const auto* const name =
      std::ranges::find_if(names, [&](std::string_view start) { return line.starts_with(start); });
  if (name == names.end()) {
    return std::nullopt;
  }
  line = without_leading_blanks(line.substr(name->size()));
  if (!line.starts_with('=')) {
    return std::nullopt;
  }
  line = without_leading_blanks(line.substr(1));
  constexpr std::string_view quotes = "\"'";
  const bool is_quoted = !line.empty() && quotes.find(line.front()) != std::string_view::npos;
  return std::string(is_quoted ? line.substr(1, line.find(line.front(), 1) - 1)
                               : line.substr(0, line.find_first_of(" \t\r#;")));
}

// The last one counts. Included files are not read.
std::optional<std::string> user_in(std::string_view configuration) {
  std::optional<std::string> user;
  while (!configuration.empty()) {
    const auto line = configuration.substr(0, configuration.find('\n'));
    configuration.remove_prefix(std::min(line.size() + 1, configuration.size()));
    if (auto value = value_of_user(line)) {
      user = std::move(value);
    }
  }
  return user;
}

}  // namespace

TrustedUsers::TrustedUsers(const host::Host& host, const Parameters& parameters)
    : host_(host),
      parameters_(parameters),
      users_({0, host.accounts.effective_user()}),
      not_asked_({[this] { add_named_user(); }, [this] { add_owner_of_pid_file(); }}) {}

Trust TrustedUsers::operator()(const host::UserIds& users) {
  while (!have(users) && !not_asked_.empty()) {
    not_asked_.back()();
    not_asked_.pop_back();
  }
  return have(users) ? Trust::yes : is_complete_ ? Trust::no : Trust::unknown;
}

bool TrustedUsers::have(const host::UserIds& users) const {
  return users_.contains(users.real) && users_.contains(users.effective) &&
         users_.contains(users.saved);
}

void TrustedUsers::add_owner_of_pid_file() {
  if (!parameters_.pidfile.path.starts_with('/')) {
    return;
  }
  const auto exposure = exposure_of_pid_file(host_, parameters_.pidfile);
  const auto status = host_.files.link_status(parameters_.pidfile.path);
  if (exposure && !*exposure && status && status->type == host::FileType::regular) {
    users_.insert(status->owner.user);
  }
}

void TrustedUsers::add_named_user() {
  constexpr std::size_t longest_configuration = 1U << 20U;  // bytes
  auto name = last_value(read_options(parameters_.extra_options), "u");
  if (!name && !parameters_.kamuser.empty()) {
    name = parameters_.kamuser;
  }
  if (!name) {
    name = user_in(host_.files.read(parameters_.conffile, longest_configuration).value_or(""));
  }
  if (!name) {
    return;
  }
  if (const auto user = host_.accounts.find_user(*name)) {
    users_.insert(user->id);
  } else if (user.error().kind != host::ErrorKind::not_found) {
    is_complete_ = false;
  } else if (const auto number = ocf::parse_number(*name);
             number && *number <= std::numeric_limits<std::uint32_t>::max()) {
    users_.insert(static_cast<std::uint32_t>(*number));  // Kamailio takes any number
  }
}

}  // namespace kamailio
