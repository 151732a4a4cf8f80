#pragma once

#include "agent/host/result.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace host::contract {

// Creates the machine of a suite, a fresh one for every test. One source file of a test program
// instantiates each suite.
template <typename World>
struct WorldFactory {
  std::string name;
  std::function<std::unique_ptr<World>()> make;

  friend std::ostream& operator<<(std::ostream& stream, const WorldFactory& factory) {
    return stream << factory.name;
  }
};

template <typename World>
class ContractTest : public testing::TestWithParam<WorldFactory<World>> {
 protected:
  void SetUp() override { world_ = this->GetParam().make(); }

  [[nodiscard]] World& world() { return *world_; }

 private:
  std::unique_ptr<World> world_;
};

// For tests that need root and another user.
template <typename Base>
class NeedsRoot : public Base {
 protected:
  void SetUp() override {
    Base::SetUp();
    if (!this->world().has_root()) {
      GTEST_SKIP() << "only root can prepare this";
    }
  }
};

inline const char* name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::not_permitted:
      return "not_permitted";
    case ErrorKind::not_empty:
      return "not_empty";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::unreachable:
      return "unreachable";
    case ErrorKind::wrong_type:
      return "wrong_type";
    case ErrorKind::failed:
      return "failed";
  }
  return "unknown kind";
}

template <typename T>
testing::AssertionResult succeeds(const Result<T>& result) {
  if (result) {
    return testing::AssertionSuccess() << "it succeeded";
  }
  return testing::AssertionFailure() << name_of(result.error().kind) << ": " << result.error().text;
}

// The error has this kind, and its text names the subject.
template <typename T>
testing::AssertionResult fails_with(const Result<T>& result, ErrorKind kind,
                                    const std::string& subject) {
  if (result) {
    return testing::AssertionFailure() << "it succeeded";
  }
  const Error& error = result.error();
  if (error.kind != kind) {
    return testing::AssertionFailure()
           << name_of(error.kind) << " instead of " << name_of(kind) << ": " << error.text;
  }
  if (error.text.find(subject) == std::string::npos) {
    return testing::AssertionFailure()
           << "the text does not name " << subject << ": " << error.text;
  }
  return testing::AssertionSuccess();
}

}  // namespace host::contract
