#pragma once

#include <string>

namespace cluster {

// What the agent answered to an action, and what would have been right.
struct WrongAnswer {
  std::string action;
  int expected = 0;
  int seen = 0;
  bool timed_out = false;
  bool lives = false;  // processes of the resource, when it had answered
};

// What Pacemaker would have done with it (Pacemaker Administration, "How Agent Return Codes Are
// Interpreted"), in one sentence for people.
[[nodiscard]] std::string consequence_of(const WrongAnswer& answer);

}  // namespace cluster
