#pragma once

#include "sim/calibration/compare.h"
#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace calibration {

// Who stands in for the real programs: the actors in the simulated machine, or the fake programs.
enum class StandIn { world, fakes };

// A difference between the real program and its stand-in that is meant to be.
struct Exception {
  std::string recordings;  // the file, without .yaml
  std::string id;
  std::vector<StandIn> of;
  std::string field = {};  // empty: whatever differs
  std::string reason;

  friend bool operator==(const Exception&, const Exception&) = default;
};

// Reads fixtures/recordings/exceptions.yaml.
[[nodiscard]] tl::expected<std::vector<Exception>, yaml::BadInput> read_exceptions(
    const std::string& file, const std::string& text);

// Those that have a word in this situation.
[[nodiscard]] std::vector<Exception> exceptions_for(const std::vector<Exception>& all, StandIn who,
                                                    const std::string& recordings,
                                                    const std::string& id);

struct Judgement {
  std::vector<Difference> errors;
  std::vector<Exception> needless;  // nothing differs there any more

  [[nodiscard]] bool is_good() const { return errors.empty() && needless.empty(); }
};
[[nodiscard]] Judgement judge(const std::vector<Difference>& differences,
                              const std::vector<Exception>& exceptions);

}  // namespace calibration
