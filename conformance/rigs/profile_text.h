#pragma once

#include "sim/setup/scenario.h"

#include <string>
#include <vector>

namespace conformance {

// The profile file of the fake programs, updated with each change of behaviour.
class ProfileText {
 public:
  void add(const sim::Setup& setup, const sim::Instances& instances);

  // The text for sim::read_profile_file.
  [[nodiscard]] std::string text() const;

 private:
  yaml::Tree tree_ = {
      .kind = yaml::Tree::Kind::table, .word = {}, .items = {}, .entries = {}, .place = {}};
};

}  // namespace conformance
