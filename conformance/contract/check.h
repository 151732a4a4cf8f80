#pragma once

#include "conformance/contract/subject.h"
#include "conformance/requirements/requirement.h"

#include <functional>
#include <string>
#include <vector>

namespace contract {

class Trial;

// A sentence of the contract that can be checked from outside.
struct Check {
  using Level = conformance::Requirement::Level;

  std::string id;  // "contract.stop.twice"
  // Ids of requirements; the first is the sentence itself, and the level is its level.
  std::vector<std::string> rests_on;
  Level level = Level::must;
  std::string claim;
  // Why it does not fit this agent; empty if it does. Null: it fits all.
  std::function<std::string(const Subject& subject)> misfit = nullptr;
  std::function<void(Trial& trial)> run = nullptr;
  // It calls the agent as an ordinary user, too, whom libfaketime keeps out of the clock that it
  // shares: it tells something in real time only.
  bool by_ordinary_user = false;
};

}  // namespace contract
