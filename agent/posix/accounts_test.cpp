#include "agent/posix/accounts.h"

#include "agent/host/contract/accounts_contract.h"
#include "agent/posix/testing/ordinary_user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

namespace posix {
namespace {

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

// A user whose group has another number, and a name whose end is no name of a user.
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

TEST(PosixAccountsTest, TellsAUserFromItsGroup) {
  const auto known = user_with_another_number_than_its_group();
  if (!known) {
    GTEST_SKIP() << "all users have the number of their group here";
  }
  EXPECT_EQ(PosixAccounts().find_user(known->name), known->user);
  EXPECT_EQ(PosixAccounts().find_user(std::to_string(known->user.id)), known->user);
}

TEST(PosixAccountsTest, DoesNotTakeAPartOfANameForIt) {
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
