#include "agent/host/contract/accounts_contract.h"

#include <gtest/gtest.h>

#include <string>

namespace host::contract {

TEST_P(AccountsContract, KnowsRoot) {
  EXPECT_EQ(accounts().find_user("root"), (User{.id = 0, .primary_group = 0}));
  EXPECT_EQ(accounts().find_group("root"), 0U);
}

TEST_P(AccountsContract, FindsAUserByName) {
  EXPECT_EQ(accounts().find_user(world().user_name()), world().user());
}

TEST_P(AccountsContract, FindsAUserByNumber) {
  EXPECT_EQ(accounts().find_user(std::to_string(world().user().id)), world().user());
}

TEST_P(AccountsContract, FindsAGroupByName) {
  EXPECT_EQ(accounts().find_group(world().group_name()), world().group());
}

TEST_P(AccountsContract, FindsAGroupByNumber) {
  EXPECT_EQ(accounts().find_group(std::to_string(world().group())), world().group());
}

TEST_P(AccountsContract, SaysNotFoundForAnUnknownName) {
  const std::string name = world().unknown_name();
  EXPECT_TRUE(fails_with(accounts().find_user(name), ErrorKind::not_found, name));
  EXPECT_TRUE(fails_with(accounts().find_group(name), ErrorKind::not_found, name));
}

TEST_P(AccountsContract, SaysNotFoundForAnUnknownNumber) {
  const std::string number = std::to_string(world().unknown_number());
  EXPECT_TRUE(fails_with(accounts().find_user(number), ErrorKind::not_found, number));
  EXPECT_TRUE(fails_with(accounts().find_group(number), ErrorKind::not_found, number));
}

TEST_P(AccountsContract, SaysNotFoundForAnEmptyName) {
  EXPECT_TRUE(fails_with(accounts().find_user(""), ErrorKind::not_found, ""));
  EXPECT_TRUE(fails_with(accounts().find_group(""), ErrorKind::not_found, ""));
}

TEST_P(AccountsContract, TakesOnlyPlainDecimalNumbers) {
  for (const std::string name : {"0x0", "0 ", " 0", "+0", "-1", "0root", "4294967296"}) {
    EXPECT_TRUE(fails_with(accounts().find_user(name), ErrorKind::not_found, name));
    EXPECT_TRUE(fails_with(accounts().find_group(name), ErrorKind::not_found, name));
  }
}

TEST_P(PrivilegeContract, IsRootForRoot) { EXPECT_EQ(accounts().privilege(), Privilege::root); }

TEST_P(PrivilegeContract, IsOrdinaryForAnybodyElse) {
  world().as_ordinary_user([&] { EXPECT_EQ(accounts().privilege(), Privilege::ordinary); });
}

}  // namespace host::contract
