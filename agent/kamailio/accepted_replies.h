#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kamailio {

// Which final responses to the health check count as alive.
struct AcceptedReplies {
  struct Range {
    int first = 0;
    int last = 0;  // included

    friend bool operator==(const Range&, const Range&) = default;
  };

  std::vector<Range> ranges;
  std::string text;  // as messages say it: "a 200,404 reply"

  [[nodiscard]] bool contain(int status) const { return overlap(status, status); }
  // Whether they contain any of these.
  [[nodiscard]] bool overlap(int first, int last) const;

  friend bool operator==(const AcceptedReplies&, const AcceptedReplies&) = default;
};

// Status codes (RFC 3261, section 21) from 200 to 699 and classes from 2xx to 6xx, with commas
// between them: "200", "2xx,404"; or "any", all of them. Blanks around them do not count. A
// provisional code says nothing about the end.
[[nodiscard]] std::optional<AcceptedReplies> parse_accepted_replies(std::string_view text);

}  // namespace kamailio
