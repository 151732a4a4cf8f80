#pragma once

#include "agent/host/result.h"
#include "agent/kamailio/accepted_replies.h"
#include "agent/kamailio/reason_table.h"
#include "agent/ocf/outcome.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace kamailio {

// A text of the table in which these strings and numbers replace the {WORDS}, in order.
template <Reason reason, typename... Values>
[[nodiscard]] std::string say(const Values&... values);

// An outcome with that text and its code in the table.
template <Reason reason, typename... Values>
[[nodiscard]] ocf::Outcome fail(const Values&... values);

// The same with the text of an error, for a reason with several codes.
template <Reason reason>
[[nodiscard]] ocf::Outcome fail_by(const host::Error& error);

// The code for a thing that cannot be used; `missing` is the one for its absence. not_permitted if
// access was denied; generic_error for failures that are not about the thing itself, such as a
// shortage of memory or descriptors: any other code would ban the node.
[[nodiscard]] ocf::ExitCode code_for(host::ErrorKind kind, ocf::ExitCode missing);

// The reason for a reply to OPTIONS that probe_accept does not list.
[[nodiscard]] std::string rejection(const std::string& uri, const std::string& way,
                                    const AcceptedReplies& accepted, int status,
                                    const std::string& reply);

// Appends a reason to those before it.
void add_reason(std::string& reasons, std::string_view reason);

// The text of docs/exit-reasons.md.
[[nodiscard]] std::string reasons_markdown();

[[nodiscard]] std::string fill(std::string_view text, std::span<const std::string> values);

inline std::string as_text(std::string_view text) { return std::string(text); }
std::string as_text(std::integral auto number) { return std::to_string(number); }

template <Reason reason, typename... Values>
std::string say(const Values&... values) {
  constexpr auto text = entry_of(reason).text;
  static_assert(std::ranges::count(text, '{') == sizeof...(Values));
  const std::array<std::string, sizeof...(Values)> texts = {as_text(values)...};
  return fill(text, texts);
}

template <Reason reason, typename... Values>
ocf::Outcome fail(const Values&... values) {
  static_assert(entry_of(reason).code.has_value(), "it only stands beside another reason");
  return {.code = *entry_of(reason).code, .reason = say<reason>(values...)};
}

template <Reason reason>
ocf::Outcome fail_by(const host::Error& error) {
  static_assert(entry_of(reason).has_other_codes);
  return {.code = code_for(error.kind, *entry_of(reason).code), .reason = say<reason>(error.text)};
}

}  // namespace kamailio
