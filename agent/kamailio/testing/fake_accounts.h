#pragma once

#include "agent/host/accounts.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kamailio::testing {

class FakeAccounts final : public host::Accounts {
 public:
  void add_user(const std::string& name, host::User user) { users_[name] = user; }
  void add_group(const std::string& name, std::uint32_t group) { groups_[name] = group; }
  // No look-up is answered.
  void fail(host::Error error) { error_ = std::move(error); }
  void take_root_away() { effective_user_ = 1000; }

  // The names that somebody asked for.
  [[nodiscard]] const std::vector<std::string>& asked_for() const { return asked_for_; }

  [[nodiscard]] host::Result<host::User> find_user(const std::string& name) override {
    return find(users_, name, "user");
  }
  [[nodiscard]] host::Result<std::uint32_t> find_group(const std::string& name) override {
    return find(groups_, name, "group");
  }
  [[nodiscard]] std::uint32_t effective_user() const override { return effective_user_; }

 private:
  template <typename T>
  host::Result<T> find(const std::map<std::string, T>& known, const std::string& name,
                       const std::string& what) {
    asked_for_.push_back(name);
    if (error_) {
      return tl::unexpected(*error_);
    }
    const auto found = known.find(name);
    if (found == known.end()) {
      return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found,
                                        .text = "no " + what + " \"" + name + "\""});
    }
    return found->second;
  }

  std::map<std::string, host::User> users_;
  std::map<std::string, std::uint32_t> groups_;
  std::vector<std::string> asked_for_;
  std::optional<host::Error> error_;
  std::uint32_t effective_user_ = 0;
};

}  // namespace kamailio::testing
