#pragma once

#include "agent/host/log.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kamailio::testing {

class FakeLog final : public host::Log {
 public:
  [[nodiscard]] std::vector<std::string> of(host::Level level) const {
    std::vector<std::string> texts;
    for (const auto& [entry_level, text] : entries_) {
      if (entry_level == level) {
        texts.push_back(text);
      }
    }
    return texts;
  }
  [[nodiscard]] std::vector<std::string> warnings() const { return of(host::Level::warning); }

  void write(host::Level level, std::string_view text) override {
    EXPECT_FALSE(text.empty());
    entries_.emplace_back(level, text);
  }
  void exit_reason(host::Level /*level*/, std::string_view text) override {
    ADD_FAILURE() << "the exit reason is the last word of main() and of nobody else: " << text;
  }

 private:
  std::vector<std::pair<host::Level, std::string>> entries_;
};

}  // namespace kamailio::testing
