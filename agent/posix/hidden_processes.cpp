#include "agent/posix/hidden_processes.h"

#include "agent/posix/read_write.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstddef>
#include <string_view>
#include <vector>

namespace posix {
namespace {

// capabilities(7): a process that has it sees all others, however /proc is mounted.
bool may_look_at_all_processes() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data = {};
  return ::syscall(SYS_capget, &header, data.data()) == 0 &&
         (data[CAP_TO_INDEX(CAP_SYS_PTRACE)].effective & CAP_TO_MASK(CAP_SYS_PTRACE)) != 0;
}

// The value of "NAME=VALUE" among a line's words, which blanks and commas separate.
std::string_view option_in(std::string_view line, std::string_view name) {
  while (!line.empty()) {
    const auto word = line.substr(0, line.find_first_of(" ,"));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) {
      return word.substr(name.size() + 1);
    }
  }
  return {};
}

bool is_member_of(gid_t group) {
  std::vector<gid_t> groups(NGROUPS_MAX);
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return ::getegid() == group || std::ranges::find(groups, group) != groups.end();
}

}  // namespace

bool hides_processes(std::string_view mounts, bool (*is_member)(gid_t group)) {
  bool is_hiding = false;  // the last mount is the one that is seen
  while (!mounts.empty()) {
    const auto line = mounts.substr(0, mounts.find('\n'));
    mounts.remove_prefix(std::min(line.size() + 1, mounts.size()));
    if (line.find(" /proc ") == std::string_view::npos) {
      continue;
    }
    const auto mode = option_in(line, "hidepid");
    const auto group_text = option_in(line, "gid");
    gid_t group = 0;
    std::from_chars(group_text.data(), group_text.data() + group_text.size(), group);
    is_hiding = mode == "4" || mode == "ptraceable" ||
                ((mode == "2" || mode == "invisible") && !is_member(group));
  }
  return is_hiding;
}

host::Result<void> check_that_nothing_is_hidden() {
  if (may_look_at_all_processes()) {
    return {};
  }
  const auto mounts = read_all("/proc/self/mountinfo");
  if (!mounts) {
    return tl::unexpected(mounts.error());
  }
  if (hides_processes(*mounts, is_member_of)) {
    return tl::unexpected(host::Error{
        .text = "/proc is mounted with hidepid and hides processes from the agent, which lacks "
                "CAP_SYS_PTRACE: give it the capability, or mount /proc without hidepid"});
  }
  return {};
}

}  // namespace posix
