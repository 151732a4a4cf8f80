#include "agent/posix/denied_calls.h"

#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>

#include <cerrno>
#include <memory>

namespace posix {
namespace {

using Filter = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

// fork(3) shares no memory with its child; posix_spawn(3) and threads do.
int deny_children(scmp_filter_ctx filter) {
  int error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(fork), 0);
  if (error == 0) {
    error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_VM, 0));
  }
  // The flags of clone3 are in memory, where a filter cannot read them. Without clone3, libc uses
  // clone.
  return error != 0 ? error : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

// A filter cannot read an address, but its size distinguishes IP addresses from paths, except from
// paths of exactly 14 or 26 bytes. listen is not denied: an unbound socket gets a free port that
// nobody knows, and if listen had no effect, the owner of the socket would call accept again and
// again.
int deny_addresses(scmp_filter_ctx filter) {
  constexpr auto nothing_happens = SCMP_ACT_ERRNO(0);
  for (const auto size : {sizeof(sockaddr_in), sizeof(sockaddr_in6)}) {
    if (const int error = seccomp_rule_add(filter, nothing_happens, SCMP_SYS(bind), 1,
                                           SCMP_A2(SCMP_CMP_EQ, size))) {
      return error;
    }
  }
  return 0;
}

}  // namespace

int deny(host::Denied denied) {
  if (denied == host::Denied::nothing) {
    return 0;
  }
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (filter == nullptr) {
    return ENOMEM;
  }
  // Programs of the machine's other architectures are not filtered.
  int error = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
  if (error == 0) {
    error = denied == host::Denied::children ? deny_children(filter.get())
                                             : deny_addresses(filter.get());
  }
  return -(error != 0 ? error : seccomp_load(filter.get()));
}

}  // namespace posix
