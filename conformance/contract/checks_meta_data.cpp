// The content of the meta-data.

#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace contract {
namespace {

using Level = Check::Level;
using Parameter = MetaData::Parameter;
using Action = MetaData::Action;

constexpr auto tools_are_misled = "the cluster's tools would misinterpret or reject the agent";

// Calls the agent as Pacemaker does, without the resource's parameters.
struct Asked {
  Call call;
  Reading reading;
};

Asked ask(Trial& trial) {
  auto call =
      trial.call("meta-data", {.resource = cluster::Resource{.name = trial.resource().name}});
  auto reading = read_meta_data(call.result.out);
  return {.call = std::move(call), .reading = std::move(reading)};
}

std::string at_line(int line) { return "line " + std::to_string(line) + ": "; }

void expect_no_remarks(Trial& trial, const Call& call, const std::vector<Remark>& remarks,
                       const std::string& rule) {
  for (const auto& [line, text] : remarks) {
    trial.expect(call, false, rule, "none", at_line(line) + text,
                 "tools that validate against the schema would reject the agent");
  }
}

void well_formed(Trial& trial) {
  const auto [call, reading] = ask(trial);
  expect_no_remarks(trial, call, reading.malformed, "the output is well-formed XML");
}

// The checks of the content need well-formed XML.
std::function<void(Trial&)> of_xml(void (*look)(Trial&, const Call&, const Reading&)) {
  return [look](Trial& trial) {
    const auto [call, reading] = ask(trial);
    if (reading.malformed.empty()) {
      look(trial, call, reading);
    } else {
      trial.does_not_fit("the meta-data are not XML");
    }
  };
}

void schema(Trial& trial, const Call& call, const Reading& reading) {
  expect_no_remarks(trial, call, reading.against_schema, "the meta-data match the schema");
}

void languages(Trial& trial, const Call& call, const Reading& reading) {
  for (const auto& [element, line, lang] : reading.meta_data.descriptions) {
    trial.expect(call, lang && is_language(*lang), "the lang attribute of a description",
                 "a language tag of BCP 47, as en",
                 at_line(line) + element + (lang ? " lang=\"" + *lang + "\"" : " has no lang"),
                 tools_are_misled);
  }
}

void names_itself(Trial& trial, const Call& call, const Reading& reading) {
  trial.expect(call, reading.meta_data.name == trial.subject().name.type,
               "the name in the meta-data", trial.subject().name.type, reading.meta_data.name,
               tools_are_misled);
}

void version(Trial& trial, const Call& call, const Reading& reading) {
  const auto& text = reading.meta_data.version;
  const auto dot = text.find('.');
  const auto is_number = [](const std::string& part) {
    return !part.empty() &&
           std::ranges::all_of(part, [](unsigned char digit) { return std::isdigit(digit) != 0; });
  };
  trial.expect(
      call,
      dot != std::string::npos && is_number(text.substr(0, dot)) && is_number(text.substr(dot + 1)),
      "the version of the standard", "a version x.y, as 1.1", "\"" + text + "\"",
      "the cluster would assume version 0.1");
}

bool is_before_1_1(const std::string& version) {
  return version.empty() || version == "1.0" || version.starts_with("0.");
}

void mandatory_actions(Trial& trial, const Call& call, const Reading& reading) {
  for (const std::string name : {"start", "stop", "monitor", "meta-data"}) {
    trial.expect(call, reading.meta_data.action(name) != nullptr, "the mandatory actions", name,
                 "no " + name + " action", tools_are_misled);
  }
}

void entries_differ(Trial& trial, const Call& call, const Reading& reading) {
  std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
  for (const auto& action : reading.meta_data.actions) {
    trial.expect(call,
                 seen.insert({action.name, action.depth, action.role, action.interval}).second,
                 "the entries of an action", "a different depth, role or interval in each",
                 at_line(action.line) + action.name + " again",
                 "the tools would create a duplicate operation, which Pacemaker rejects");
  }
}

void durations(Trial& trial, const Call& call, const Reading& reading) {
  const auto look_at = [&](const Action& action, const std::string& name,
                           const std::string& value) {
    trial.expect(call, duration_in(value).has_value(), "the " + name + " of an action",
                 "a duration, as 20 or 20s", at_line(action.line) + name + "=\"" + value + "\"",
                 "operations with the advised values would be rejected or misinterpreted");
  };
  for (const auto& action : reading.meta_data.actions) {
    look_at(action, "timeout", action.timeout);
    if (!action.interval.empty()) {
      look_at(action, "interval", action.interval);
    }
    if (!action.start_delay.empty()) {
      look_at(action, "start-delay", action.start_delay);
    }
  }
}

void depths(Trial& trial, const Call& call, const Reading& reading) {
  static constexpr std::array<std::string_view, 4> known = {"", "0", "10", "20"};
  for (const auto& action : reading.meta_data.actions) {
    trial.expect(call, std::ranges::find(known, action.depth) != known.end(),
                 "the depth of an action", "0, 10 or 20 (all others are reserved)",
                 at_line(action.line) + "depth=\"" + action.depth + "\"",
                 "a later version of the standard may give this level another meaning");
  }
}

void role_names(Trial& trial, const Call& call, const Reading& reading) {
  for (const auto& action : reading.meta_data.actions) {
    auto role = action.role;
    std::ranges::transform(role, role.begin(), [](unsigned char letter) {
      return static_cast<char>(std::tolower(letter));
    });
    trial.expect(call, role.empty() || role == "promoted" || role == "unpromoted",
                 "the role of an action", "promoted or unpromoted",
                 at_line(action.line) + "role=\"" + action.role + "\"", tools_are_misled);
  }
}

std::string unless_version_has_roles(const Subject& subject) {
  return is_before_1_1(subject.meta_data.version)
             ? "the agent declares a version that does not have these names"
             : "";
}

void reload_agent_version(Trial& trial, const Call& call, const Reading& reading) {
  trial.expect(call, !is_before_1_1(reading.meta_data.version),
               "the declared version of an agent with reload-agent", "1.1 or more",
               reading.meta_data.version,
               "the cluster would restart the resource when a reloadable parameter changes");
}

void reloadable(Trial& trial, const Call& call, const Reading& reading) {
  const auto& meta_data = reading.meta_data;
  for (const auto& parameter : meta_data.parameters) {
    trial.expect(
        call, !parameter.reloadable || meta_data.action("reload-agent") != nullptr,
        "reloadable parameters need reload-agent", "the action reload-agent",
        at_line(parameter.line) + parameter.name + " is reloadable, but reload-agent is missing",
        "the cluster would restart the resource when the parameter changes");
  }
}

void replacements(Trial& trial, const Call& call, const Reading& reading) {
  for (const auto& parameter : reading.meta_data.parameters) {
    for (const auto& name : parameter.replaced_with) {
      trial.expect(call, name != parameter.name && reading.meta_data.parameter(name) != nullptr,
                   "the replacement of a deprecated parameter", "the name of another parameter",
                   at_line(parameter.line) + parameter.name + " is replaced with \"" + name + "\"",
                   "administrators would be referred to a missing parameter");
    }
  }
}

void parameter_names(Trial& trial, const Call& call, const Reading& reading) {
  for (const auto& parameter : reading.meta_data.parameters) {
    const bool is_name = !parameter.name.empty() &&
                         std::ranges::none_of(parameter.name, [](unsigned char character) {
                           return character == '=' || std::isgraph(character) == 0;
                         });
    trial.expect(call, is_name, "the name of a parameter",
                 "a valid name of an environment variable",
                 at_line(parameter.line) + "\"" + parameter.name + "\"",
                 "the agent would not receive its value");
  }
}

bool is_integer(const std::string& text) {
  long long number = 0;
  const auto* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && behind == end;
}

// The words of Pacemaker's crm_str_to_boolean.
bool is_boolean(std::string text) {
  static const std::set<std::string> words = {"true",  "on",  "yes", "y", "1",
                                              "false", "off", "no",  "n", "0"};
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return words.contains(text);
}

bool fits_type(const Parameter& parameter, const std::string& value) {
  if (parameter.type == "integer") {
    return is_integer(value);
  }
  if (parameter.type == "boolean") {
    return is_boolean(value);
  }
  return parameter.type != "select" ||
         std::ranges::find(parameter.options, value) != parameter.options.end();
}

void defaults(Trial& trial, const Call& call, const Reading& reading) {
  for (const auto& parameter : reading.meta_data.parameters) {
    const auto value = parameter.default_value.value_or("");
    trial.expect(call, value.empty() || fits_type(parameter, value), "the default of a parameter",
                 "a value of its type " + parameter.type,
                 at_line(parameter.line) + parameter.name + ": \"" + value + "\"",
                 "tools that offer the default would set an invalid value");
  }
}

}  // namespace

std::vector<Check> meta_data_checks() {
  return {
      {.id = "contract.meta-data.well-formed",
       .rests_on = {"ocf.environment.format", "ocf.meta-data.schema"},
       .claim = "The meta-data are XML, and nothing else is printed to standard output",
       .run = well_formed},
      {.id = "contract.meta-data.schema",
       .rests_on = {"ocf.meta-data.schema"},
       .claim = "The meta-data match the schema of OCF 1.1",
       .run = of_xml(schema)},
      {.id = "contract.meta-data.lang",
       .rests_on = {"ocf.meta-data.lang"},
       .claim = "Each description names its language",
       .run = of_xml(languages)},
      {.id = "contract.meta-data.name",
       .rests_on = {"ocf.tree.executable", "ocf.meta-data.name"},
       .level = Level::should,
       .claim = "The name in the meta-data is the agent's type",
       .run = of_xml(names_itself)},
      {.id = "contract.meta-data.version",
       .rests_on = {"ocf.version.form", "ocf.meta-data.version"},
       .claim = "The version of the standard is of the form x.y",
       .run = of_xml(version)},
      {.id = "contract.meta-data.mandatory-actions",
       .rests_on = {"ocf.actions.advertised"},
       .claim = "start, stop, monitor and meta-data are advertised",
       .run = of_xml(mandatory_actions)},
      {.id = "contract.meta-data.entries-differ",
       .rests_on = {"ocf.meta-data.action-name"},
       .level = Level::should,
       .claim = "Several entries of one action differ in depth, role or interval",
       .run = of_xml(entries_differ)},
      {.id = "contract.meta-data.durations",
       .rests_on = {"cluster.durations", "ocf.meta-data.timeout"},
       .level = Level::should,
       .claim = "Timeouts and intervals are durations",
       .run = of_xml(durations)},
      {.id = "contract.meta-data.depths",
       .rests_on = {"ocf.levels.reserved", "ocf.levels.advertised"},
       .level = Level::should,
       .claim = "Depths are check levels of the standard",
       .run = of_xml(depths)},
      {.id = "contract.meta-data.roles",
       .rests_on = {"ocf.meta-data.role"},
       .level = Level::should,
       .claim = "Roles are called promoted and unpromoted",
       .misfit = unless_version_has_roles,
       .run = of_xml(role_names)},
      {.id = "contract.meta-data.reload-agent-version",
       .rests_on = {"cluster.reload-agent"},
       .claim = "An agent with reload-agent declares version 1.1",
       .misfit = unless_advertised("reload-agent"),
       .run = of_xml(reload_agent_version)},
      {.id = "contract.meta-data.reloadable",
       .rests_on = {"ocf.meta-data.reloadable"},
       .level = Level::should,
       .claim = "An agent with reloadable parameters has a reload-agent",
       .run = of_xml(reloadable)},
      {.id = "contract.meta-data.replaced-with",
       .rests_on = {"ocf.meta-data.replaced-with"},
       .claim = "A deprecated parameter is replaced with an existing one",
       .run = of_xml(replacements)},
      {.id = "contract.meta-data.parameter-names",
       .rests_on = {"ocf.parameters.names"},
       .claim = "Parameter names are valid names of environment variables",
       .run = of_xml(parameter_names)},
      {.id = "contract.meta-data.defaults",
       .rests_on = {"ocf.meta-data.content"},
       .level = Level::should,
       .claim = "Defaults are of their parameters' types",
       .run = of_xml(defaults)},
  };
}

}  // namespace contract
