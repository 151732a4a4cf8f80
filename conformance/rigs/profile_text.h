#pragma once

#include "sim/setup/scenario.h"

#include <string>
#include <vector>

namespace conformance {

// What fake programs are told of how they behave, as changes come one after the other.
class ProfileText {
 public:
  void add(const sim::Setup& plan, const sim::Instances& instances);

  // For sim::read_profile_file.
  [[nodiscard]] std::string text() const;

 private:
  yaml::Tree tree_ = {
      .kind = yaml::Tree::Kind::table, .word = {}, .items = {}, .entries = {}, .place = {}};
};

}  // namespace conformance
