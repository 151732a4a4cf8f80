#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kamailio {

// The final responses to the health check that count as alive.
struct AcceptedReplies {
  struct Range {
    int first = 0;
    int last = 0;  // included

    friend bool operator==(const Range&, const Range&) = default;
  };

  std::vector<Range> ranges;
  std::string text;  // for messages: "a 200,404 reply"

  [[nodiscard]] bool contain(int status) const { return overlap(status, status); }
  // Whether any status from `first` to `last` is accepted.
  [[nodiscard]] bool overlap(int first, int last) const;

  friend bool operator==(const AcceptedReplies&, const AcceptedReplies&) = default;
};

// Parses status codes (RFC 3261, section 21) from 200 to 699 and classes from 2xx to 6xx, separated
// by commas ("200", "2xx,404"), or "any". Blanks around them are ignored. Provisional codes are not
// allowed: they do not show how the request ends.
[[nodiscard]] std::optional<AcceptedReplies> parse_accepted_replies(std::string_view text);

}  // namespace kamailio
