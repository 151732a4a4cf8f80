#include "agent/kamailio/accepted_replies.h"

#include "agent/sip/message.h"

#include <algorithm>

namespace kamailio {
namespace {

constexpr int lowest = 200;

std::optional<AcceptedReplies::Range> parse_range(std::string_view text) {
  constexpr int size_of_class = 100;
  const bool is_class = text.size() == 3 && sip::lower(text.substr(1)) == "xx";
  const auto number = sip::number(is_class ? text.substr(0, 1) : text, sip::highest_status);
  if (!number || text.size() != 3) {
    return std::nullopt;
  }
  const int first = static_cast<int>(*number) * (is_class ? size_of_class : 1);
  if (first < lowest || first > sip::highest_status) {
    return std::nullopt;
  }
  return AcceptedReplies::Range{.first = first,
                                .last = is_class ? first + size_of_class - 1 : first};
}

}  // namespace

bool AcceptedReplies::overlap(int first, int last) const {
  return std::ranges::any_of(
      ranges, [&](const Range& range) { return last >= range.first && first <= range.last; });
}

std::optional<AcceptedReplies> parse_accepted_replies(std::string_view text) {
  if (sip::trim(text) == "any") {
    return AcceptedReplies{.ranges = {{.first = lowest, .last = sip::highest_status}},
                           .text = "a final reply"};
  }
  AcceptedReplies accepted{.text = "a " + std::string(text) + " reply"};
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto comma = std::min(text.find(',', begin), text.size());
    const auto range = parse_range(sip::trim(text.substr(begin, comma - begin)));
    if (!range) {
      return std::nullopt;
    }
    accepted.ranges.push_back(*range);
    begin = comma + 1;
  }
  return accepted;
}

}  // namespace kamailio
