#include "agent/posix/accounts.h"

#include "agent/host/contract/accounts_contract.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

namespace posix {
namespace {

using host::ErrorKind;
using host::User;
using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

Lookup unknown_name(const std::string& /*name*/) { return tl::unexpected(0); }
Lookup knows_only_root(std::uint32_t number) {
  return number == 0 ? Lookup(User{}) : tl::unexpected(ENOENT);
}
Lookup no_memory(const std::string& /*name*/) { return tl::unexpected(ENOMEM); }

class NameServiceTest : public ::testing::Test {
 protected:
  static host::Result<User> ask(const NameService& service, const std::string& name = "108",
                                host::Duration patience = 20s) {
    auto found = look_up(service, name, patience);
    siginfo_t child = {};
    EXPECT_NE(::waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT), 0) << "a child is left";
    return found;
  }
  static void expect_failure(const host::Result<User>& found, const std::string& why) {
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::failed) << found.error().text;
    EXPECT_THAT(found.error().text, AllOf(HasSubstr("user 108"), HasSubstr(why)));
  }
};

TEST_F(NameServiceTest, PrefersANameToANumber) {
  const NameService service = {
      .kind = "user",
      .by_name = [](const std::string&) -> Lookup { return User{.id = 1, .primary_group = 2}; },
      .by_number = [](std::uint32_t) -> Lookup { return User{.id = 108, .primary_group = 112}; }};
  EXPECT_EQ(ask(service), (User{.id = 1, .primary_group = 2}));
}

TEST_F(NameServiceTest, FindsANumber) {
  const NameService service = {
      .kind = "user", .by_name = unknown_name, .by_number = [](std::uint32_t number) -> Lookup {
        return User{.id = number};
      }};
  EXPECT_EQ(ask(service), (User{.id = 108}));
}

TEST_F(NameServiceTest, SaysUnknownWhereItKnowsAtLeastRoot) {
  const auto found = ask({.kind = "user", .by_name = unknown_name, .by_number = knows_only_root});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::not_found);
  EXPECT_EQ(found.error().text, "user 108 is unknown on this node");
}

// getpwnam(3) lists them all.
TEST_F(NameServiceTest, RecognisesEachFormOfUnknown) {
  static int error = 0;
  for (const int known : {0, ENOENT, ESRCH, EBADF, EPERM}) {
    error = known;
    const auto found =
        ask({.kind = "user",
             .by_name = [](const std::string&) -> Lookup { return tl::unexpected(error); },
             .by_number = [](std::uint32_t number) -> Lookup {
               return number == 0 ? Lookup(User{}) : tl::unexpected(error);
             }});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::not_found) << known;
  }
}

TEST_F(NameServiceTest, FailsIfTheServiceDoesNotFindRootEither) {
  expect_failure(ask({.kind = "user",
                      .by_name = unknown_name,
                      .by_number = [](std::uint32_t) -> Lookup { return tl::unexpected(0); }}),
                 "does not find user 0 either");
}

TEST_F(NameServiceTest, FailsIfOneOfTheTwoLookUpsFails) {
  expect_failure(ask({.kind = "user", .by_name = no_memory, .by_number = knows_only_root}),
                 "Cannot allocate memory");
  expect_failure(ask({.kind = "user",
                      .by_name = unknown_name,
                      .by_number = [](std::uint32_t) -> Lookup { return tl::unexpected(EMFILE); }}),
                 "Too many open files");
}

// A user may be named "108", and the look-up by name has just failed.
TEST_F(NameServiceTest, FailsIfANumberIsFoundWhileTheNameCouldNotBeLookedUp) {
  expect_failure(
      ask({.kind = "user",
           .by_name = no_memory,
           .by_number = [](std::uint32_t number) -> Lookup { return User{.id = number}; }}),
      "Cannot allocate memory");
}

// Even EACCES does not mean missing permissions here.
TEST_F(NameServiceTest, NeverSaysNotPermitted) {
  expect_failure(
      ask({.kind = "user",
           .by_name = [](const std::string&) -> Lookup { return tl::unexpected(EACCES); },
           .by_number = knows_only_root}),
      "Permission denied");
}

TEST_F(NameServiceTest, AsksOnceMoreAfterAFailure) {
  const NameService service = {.kind = "user",
                               .by_name = [](const std::string&) -> Lookup {
                                 static int calls = 0;
                                 return ++calls == 1 ? tl::unexpected(EINTR)
                                                     : Lookup(User{.id = 7});
                               },
                               .by_number = knows_only_root};
  EXPECT_EQ(ask(service, "kamailio"), (User{.id = 7}));
}

TEST_F(NameServiceTest, AsksOnceMoreBeforeItSaysUnknown) {
  const NameService service = {.kind = "user",
                               .by_name = [](const std::string&) -> Lookup {
                                 static int calls = 0;
                                 return ++calls == 1 ? tl::unexpected(0) : Lookup(User{.id = 7});
                               },
                               .by_number = knows_only_root};
  EXPECT_EQ(ask(service, "kamailio"), (User{.id = 7}));
}

TEST_F(NameServiceTest, IsGivenUpWhenItHangs) {
  const auto begin = std::chrono::steady_clock::now();
  expect_failure(ask({.kind = "user",
                      .by_name = [](const std::string&) -> Lookup {
                        for (;;) {
                          ::pause();
                        }
                      },
                      .by_number = knows_only_root},
                     "108", 200ms),
                 "did not answer within 200 ms");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(NameServiceTest, IsGivenUpThoughSignalsArrive) {
  const testing::Interruptions interruptions;
  expect_failure(ask({.kind = "user",
                      .by_name = [](const std::string&) -> Lookup {
                        ::poll(nullptr, 0, 15'000);
                        return User{.id = 7};
                      },
                      .by_number = knows_only_root},
                     "108", 200ms),
                 "did not answer within 200 ms");
}

// The cluster kills an agent that takes too long.
TEST_F(NameServiceTest, LeavesNoProcessBehindAKilledAgent) {
  const testing::TestDirectory directory;
  static std::string place;
  place = directory.path() + "/pid";
  const pid_t agent = ::fork();
  if (agent == 0) {
    (void)look_up({.kind = "user",
                   .by_name = [](const std::string&) -> Lookup {
                     ::alarm(60);
                     (void)!::symlink(std::to_string(::getpid()).c_str(), place.c_str());
                     for (;;) {
                       ::pause();
                     }
                   },
                   .by_number = knows_only_root},
                  "kamailio", 60s);
    ::_exit(0);
  }
  std::error_code error;
  std::string pid;
  for (int look = 0; look < 2000 && pid.empty(); ++look) {
    ::poll(nullptr, 0, 10);
    pid = std::filesystem::read_symlink(place, error);
  }
  ASSERT_FALSE(pid.empty());
  ::kill(agent, SIGKILL);
  ::waitpid(agent, nullptr, 0);
  for (int look = 0; look < 1000 && testing::lives(std::stoi(pid)); ++look) {
    ::poll(nullptr, 0, 10);
  }
  EXPECT_FALSE(testing::lives(std::stoi(pid)));
}

TEST_F(NameServiceTest, FailsIfItCrashes) {
  expect_failure(ask({.kind = "user",
                      .by_name = [](const std::string&) -> Lookup { ::_exit(1); },
                      .by_number = knows_only_root}),
                 "ended without a result");
}

// Standard error is among them: its reader waits until all writers have closed it.
TEST_F(NameServiceTest, HoldsNoDescriptorOfTheAgent) {
  const NameService service = {
      .kind = "user",
      .by_name = [](const std::string&) -> Lookup {
        const auto links = [](int number) {
          std::string target(100, '\0');
          const auto size = ::readlink(("/proc/self/fd/" + std::to_string(number)).c_str(),
                                       target.data(), target.size());
          target.resize(static_cast<std::size_t>(size > 0 ? size : 0));
          return target;
        };
        std::uint32_t open = 0;
        for (int number = 3; number < 50; ++number) {
          open += links(number).empty() ? 0U : 1U;
        }
        const bool is_null =
            links(0) == "/dev/null" && links(1) == "/dev/null" && links(2) == "/dev/null";
        return User{.id = open, .primary_group = is_null ? 1U : 0U};
      },
      .by_number = knows_only_root};
  EXPECT_EQ(ask(service), (User{.id = 1, .primary_group = 1})) << "its pipe, and three /dev/null";
}

class PosixAccountsWorld final : public host::contract::AccountsWorld {
 public:
  host::Accounts& accounts() override { return accounts_; }

  std::string user_name() override { return "nobody"; }
  host::User user() override {
    const passwd* const entry = ::getpwnam("nobody");
    return {.id = entry->pw_uid, .primary_group = entry->pw_gid};
  }
  std::string group_name() override { return ::getgrgid(group())->gr_name; }
  std::uint32_t group() override { return user().primary_group; }

  std::string unknown_name() override { return "nobody-has-this-name"; }
  std::uint32_t unknown_number() override {
    std::uint32_t number = 3'000'000'000;
    while (::getpwuid(number) != nullptr || ::getgrgid(number) != nullptr) {
      ++number;
    }
    return number;
  }

  bool has_root() override { return ::geteuid() == 0; }
  void as_ordinary_user(const std::function<void()>& act) override {
    testing::act_as_ordinary_user(testing::Ids::effective, act);
  }

 private:
  PosixAccounts accounts_;
};

// A user whose group has another number, and a name whose end is not a user's name.
struct KnownUser {
  std::string name;
  host::User user;
};
std::optional<KnownUser> user_with_another_number_than_its_group() {
  std::optional<KnownUser> known;
  ::setpwent();
  for (const passwd* entry = ::getpwent(); entry != nullptr && !known; entry = ::getpwent()) {
    if (entry->pw_uid != entry->pw_gid) {
      known = {.name = entry->pw_name,
               .user = {.id = entry->pw_uid, .primary_group = entry->pw_gid}};
    }
  }
  ::endpwent();
  return known;
}

TEST(PosixAccountsTest, DistinguishesAUserFromItsGroup) {
  const auto known = user_with_another_number_than_its_group();
  if (!known) {
    GTEST_SKIP() << "all users have the number of their group here";
  }
  EXPECT_EQ(PosixAccounts().find_user(known->name), known->user);
  EXPECT_EQ(PosixAccounts().find_user(std::to_string(known->user.id)), known->user);
}

TEST(PosixAccountsTest, DoesNotMatchAPartOfAName) {
  for (const std::string name :
       {"oot", "roo", "root:x", "root:x:0:0:root:/root:/bin/bash\ndaemon", ":", "x"}) {
    const auto user = PosixAccounts().find_user(name);
    EXPECT_TRUE(!user && user.error().kind == host::ErrorKind::not_found) << name;
    const auto group = PosixAccounts().find_group(name);
    EXPECT_TRUE(!group && group.error().kind == host::ErrorKind::not_found) << name;
  }
}

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<AccountsWorld> posix_accounts = {
    "posix", [] { return std::make_unique<posix::PosixAccountsWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, AccountsContract, testing::Values(posix_accounts));
INSTANTIATE_TEST_SUITE_P(Posix, PrivilegeContract, testing::Values(posix_accounts));

}  // namespace host::contract
