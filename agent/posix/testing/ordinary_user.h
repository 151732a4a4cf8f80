#pragma once

#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <vector>

namespace posix::testing {

constexpr uid_t ordinary_id = 65534;  // nobody, and its group

enum class Ids { effective, all };

// Acts with other ids than root's. The saved id stays root's, as the way back.
inline void act_as_ordinary_user(Ids ids, const std::function<void()>& act) {
  std::vector<gid_t> groups(static_cast<std::size_t>(::getgroups(0, nullptr)));
  const uid_t real = ids == Ids::all ? ordinary_id : 0;
  if (::getgroups(static_cast<int>(groups.size()), groups.data()) < 0 ||
      ::setgroups(0, nullptr) != 0 || ::setresgid(real, ordinary_id, 0) != 0 ||
      ::setresuid(real, ordinary_id, 0) != 0) {
    throw std::runtime_error("cannot become an ordinary user");
  }
  // The change has closed this process's own /proc to it, which does not happen to a process that
  // was started as that user.
  ::prctl(PR_SET_DUMPABLE, 1);
  act();
  if (::setresuid(0, 0, 0) != 0 || ::setresgid(0, 0, 0) != 0 ||
      ::setgroups(groups.size(), groups.data()) != 0) {
    throw std::runtime_error("cannot become root again");
  }
  ::prctl(PR_SET_DUMPABLE, 1);
}

}  // namespace posix::testing
