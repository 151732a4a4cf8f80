#include "agent/ocf/metadata.h"

#include <string_view>

namespace ocf {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char byte : text) {
    switch (byte) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += byte;
    }
  }
  return result;
}

std::string attribute(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string type_name(ContentType type) {
  switch (type) {
    case ContentType::boolean:
      return "boolean";
    case ContentType::integer:
      return "integer";
    case ContentType::string:
      return "string";
  }
  return {};
}

std::string descriptions(std::string_view shortdesc, std::string_view longdesc) {
  return "<longdesc lang=\"en\">\n" + escaped(longdesc) + "\n</longdesc>\n<shortdesc lang=\"en\">" +
         escaped(shortdesc) + "</shortdesc>\n";
}

std::string content(const ParameterSpec& parameter) {
  std::string xml = "<content type=\"" + type_name(parameter.type) + "\"";
  if (parameter.default_value) {
    xml += " default=\"" + escaped(*parameter.default_value) + "\"";
  }
  return xml + "/>\n";
}

// ocf-tester validates against this DTD of 2006, which knows nothing of OCF 1.1; the internal
// subset adds what is new, so that both are satisfied.
constexpr std::string_view document_type = R"(<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd" [
<!ATTLIST parameter unique-group CDATA #IMPLIED reloadable (1|0) "0">
<!ATTLIST action name CDATA #REQUIRED>
]>
)";

// ", together with port and proto"
std::string others_in_group(const AgentSpec& spec, const ParameterSpec& parameter) {
  std::string text;
  for (const auto& other : spec.parameters) {
    if (other.unique_group == parameter.unique_group && other.name != parameter.name) {
      text += (text.empty() ? ", together with " : " and ") + other.name;
    }
  }
  return text;
}

}  // namespace

std::string metadata_xml(const AgentSpec& spec) {
  std::string xml = "<?xml version=\"1.0\"?>\n" + std::string(document_type) + "<resource-agent" +
                    attribute("name", spec.name) + attribute("version", spec.version) +
                    ">\n<version>1.1</version>\n" + descriptions(spec.shortdesc, spec.longdesc) +
                    "\n<parameters>\n";
  for (const auto& parameter : spec.parameters) {
    xml += "<parameter" + attribute("name", parameter.name) +
           attribute("unique-group", parameter.unique_group) +
           attribute("required", parameter.required == Required::yes ? "1" : "0") +
           attribute("reloadable", parameter.reloadable == Reloadable::yes ? "1" : "0") + ">\n" +
           descriptions(parameter.shortdesc, parameter.longdesc) + content(parameter) +
           "</parameter>\n\n";
  }
  xml += "</parameters>\n\n<actions>\n";
  for (const auto& action : spec.actions) {
    xml += "<action" + attribute("name", action.name) + attribute("timeout", action.timeout) +
           attribute("interval", action.interval) + attribute("depth", action.depth) + "/>\n";
  }
  return xml + "</actions>\n</resource-agent>\n";
}

std::string reference_markdown(const AgentSpec& spec) {
  std::string text = "# Parameters and actions of " + spec.name +
                     "\n\nMade from the agent's own table, the source of its meta-data; a test "
                     "compares the two.\n\n```text\n" +
                     std::string(spec.longdesc) + "\n```\n\n## Parameters\n";
  for (const auto& parameter : spec.parameters) {
    text += "\n### " + parameter.name + "\n\n" + std::string(parameter.longdesc) + "\n\n";
    text += parameter.required == Required::yes ? "- required\n" : "- optional\n";
    text += "- type: " + type_name(parameter.type) + "\n";
    if (!parameter.options.empty()) {
      text += "- one of:";
      for (const auto& option : parameter.options) {
        text += " `" + option + "`";
      }
      text += "\n";
    }
    text += parameter.default_value && !parameter.default_value->empty()
                ? "- default: `" + *parameter.default_value + "`\n"
                : "- no default\n";
    if (parameter.reloadable == Reloadable::yes) {
      text += "- a change needs no restart\n";
    }
    if (!parameter.unique_group.empty()) {
      text += "- unique to each instance" + others_in_group(spec, parameter) + "\n";
    }
  }
  text +=
      "\n## Actions\n\nCheck level 0 looks at processes (or, in validate-all, parameters) alone, "
      "10, which is also what happens if none is set, at everything that a service needs, and 20 "
      "deeper than that where the parameters allow it.\n\n| action | timeout | interval | check "
      "level "
      "|\n| --- | --- | --- | --- |\n";
  for (const auto& action : spec.actions) {
    text += "| " + action.name + " | " + action.timeout + " | " + action.interval + " | " +
            action.depth + " |\n";
  }
  return text;
}

}  // namespace ocf
