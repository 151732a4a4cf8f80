#include "agent/kamailio/reasons.h"

#include <iterator>
#include <utility>

namespace kamailio {
namespace {

using ocf::ExitCode;

// A heading comes before the first reason of its group.
constexpr auto headings = std::to_array<std::pair<Reason, std::string_view>>({
    {Reason::no_action, "How the agent was called"},
    {Reason::parameter_bad, "Parameters"},
    {Reason::program_missing, "What start or validate-all does not find on the node"},
    {Reason::listen_address_missing, "Why start fails, or a configuration is refused"},
    {Reason::nothing_runs, "What monitor finds"},
    {Reason::still_running, "Why stop fails"},
});

constexpr std::string_view preamble = R"(# Exit reasons

Generated from the agent's table of reasons; a test compares the two.

When an action fails, the cluster shows its exit reason (`crm_mon`, `pcs status`, `crm status`), of which Pacemaker 2.1
keeps the first 128 characters. The full text is in the log of the node (`/var/log/pacemaker/pacemaker.log`, and the
journal: `journalctl -t 'kamailio(RESOURCE)'`). An exit reason can consist of several of the texts below, separated by `; `: first the
cause, then what failed, then the evidence. WORDS IN CAPITALS are placeholders.

If Kamailio refuses to start, its own error message comes first, shortened:
`could not find module <nosuch> in </usr/lib/x86_64-linux-gnu/kamailio/modules> (line 6)`. Some of these messages:

| Kamailio says | what to do |
| --- | --- |
| `syntax error`, `unknown config variable`, `failed to find command`, `parameter ... not found in module` (line N) | check that line; a function or parameter can belong to a module that is not loaded, or to another version |
| `..., and 1 more #!if[n]def as #!endif` | the error is inside an `#!ifdef`, or an `#!ifdef` is not closed |
| `could not find module`, `Module ... not found` | install the package of the module, such as kamailio-mysql-modules, or correct mpath |
| `jsonrpcs: cannot create its socket: No such file or directory`, `ctl: ...` | create the directory of dgram_socket, or of binrpc, at each boot (tmpfiles.d) |
| `Unable to load certificate file`, `Unable to load private key`, `cannot stat config file` | the file of the module tls is missing, or root cannot read it |
| `driver error`, `connection to server ... failed`, `failed to open sqlite database` | the database does not run, or this node cannot reach it |
| `could not resolve` | a name in listen=, or an interface, is unknown on this node |
| `bad user name`, `bad group name` | create the account on each node |

## What the cluster does

Pacemaker 2.1.5 without fencing and with its defaults, according to `crm_simulate`:

| code | name | from a probe | from a start | from a monitor where it should run | from a stop |
| --- | --- | --- | --- | --- | --- |
| 1 | error | stop, start here | stop, start elsewhere | stop, start here | blocked |
| 2 | invalid arguments | as if not running; start elsewhere | stop, start elsewhere | stop, start elsewhere | blocked |
| 3 | unimplemented | stop, start elsewhere | stop, start elsewhere | stop, start here | blocked |
| 4 | not permitted | stop, start elsewhere | stop, start elsewhere | stop, start elsewhere | blocked |
| 5 | not installed | as if not running; start elsewhere | stop, start elsewhere | stop, start elsewhere | blocked |
| 6 | not configured | stop, start nowhere | stop, start nowhere | stop, start nowhere | blocked |
| 7 | not running | the expected result where it should not run | stop, start elsewhere | stop, start here | blocked |
| 190 | degraded | as if running | never: start returns 0 and logs a warning | shown; no action | never |

After a failed stop the cluster fences the node if fencing is set up; without it the resource is blocked, and does not
run anywhere. A resource returns to a node where it has failed after `crm_resource --cleanup` (`pcs resource cleanup`),
or, where the code was 1, after `failure-timeout`. `migration-threshold` limits the failed monitors on one node.

The cluster shows a reason that came with 190 until `pcs resource cleanup`, even if the problem is over.

In the tables below some reasons have no code: they are added to another one, whose code counts, or are warnings in the
log. Some have several codes: 4 then means that access was denied, and 1 that the failure may be temporary.
)";

std::string number(ExitCode code) { return std::to_string(static_cast<int>(code)); }

std::string code_text(const ReasonEntry& entry) {
  if (!entry.code) {
    return "";
  }
  std::string text = number(*entry.code);
  for (const auto other : {ExitCode::not_permitted, ExitCode::generic_error}) {
    text += entry.has_other_codes && other != *entry.code ? ", " + number(other) : "";
  }
  return text;
}

// Escapes "<" and "|", which Markdown would interpret.
std::string cell(std::string_view text) {
  std::string cell;
  for (const char character : text) {
    if (character == '<' || character == '|') {
      cell += '\\';
    }
    cell += character;
  }
  return cell;
}

std::string without_braces(std::string_view text) {
  std::string plain;
  std::ranges::copy_if(text, std::back_inserter(plain),
                       [](char character) { return character != '{' && character != '}'; });
  return plain;
}

}  // namespace

std::string fill(std::string_view text, std::span<const std::string> values) {
  std::string filled;
  for (const auto& value : values) {
    const auto begin = text.find('{');
    filled += text.substr(0, begin);
    filled += value;
    text.remove_prefix(text.find('}', begin) + 1);
  }
  filled += text;
  return filled;
}

ExitCode code_for(host::ErrorKind kind, ExitCode missing) {
  switch (kind) {
    case host::ErrorKind::not_found:
      return missing;
    case host::ErrorKind::not_permitted:
      return ExitCode::not_permitted;
    case host::ErrorKind::not_empty:
    case host::ErrorKind::refused:
    case host::ErrorKind::unreachable:
    case host::ErrorKind::wrong_type:
    case host::ErrorKind::failed:
      break;
  }
  return ExitCode::generic_error;
}

std::string rejection(const std::string& uri, const std::string& way,
                      const AcceptedReplies& accepted, int status, const std::string& reply) {
  constexpr int server_failure = 500;  // RFC 3261, section 21.5: nobody should accept that unseen
  return status < server_failure
             ? say<Reason::options_rejected>(uri, way, accepted.text, reply, status)
             : say<Reason::options_failed>(uri, way, accepted.text, reply);
}

void add_reason(std::string& reasons, std::string_view reason) {
  reasons += reasons.empty() || reason.empty() ? "" : "; ";
  reasons += reason;
}

std::string reasons_markdown() {
  std::string text(preamble);
  for (const auto& entry : reason_table) {
    const auto* const heading =
        std::ranges::find(headings, entry.reason, &decltype(headings)::value_type::first);
    if (heading != headings.end()) {
      text += "\n## " + std::string(heading->second) +
              "\n\n| reason | code | what it means | what to do |\n| --- | --- | --- | --- |\n";
    }
    text += "| `" + without_braces(entry.text) + "` | " + code_text(entry) + " | " +
            cell(entry.meaning) + " | " + cell(entry.remedy) + " |\n";
  }
  return text;
}

}  // namespace kamailio
