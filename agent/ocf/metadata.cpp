#include "agent/ocf/metadata.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ocf {
namespace {

std::string xml_escaped(std::string_view text) {
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
  return value.empty() ? std::string()
                       : " " + std::string(name) + "=\"" + xml_escaped(value) + "\"";
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
  return "<longdesc lang=\"en\">\n" + xml_escaped(longdesc) +
         "\n</longdesc>\n<shortdesc lang=\"en\">" + xml_escaped(shortdesc) + "</shortdesc>\n";
}

std::string content(const ParameterSpec& parameter) {
  std::string xml = "<content type=\"" + type_name(parameter.type) + "\"";
  if (parameter.default_value) {
    xml += " default=\"" + xml_escaped(*parameter.default_value) + "\"";
  }
  return xml + "/>\n";
}

// ocf-tester validates against this DTD of 2006, which predates OCF 1.1; the internal subset adds
// the new attributes, so that the document is valid for both.
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
                     "\n\nGenerated from the agent's table, the source of its meta-data; a test "
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
      "\n## Actions\n\nCheck level 0 checks only processes (validate-all: only parameters). Level "
      "10, the default, is the full health check (validate-all: also the node). Level 20 adds an "
      "in-depth check, for which rpc has to be set.\n\n"
      "| action | timeout | interval | check level |\n| --- | --- | --- | --- |\n";
  for (const auto& action : spec.actions) {
    text += "| " + action.name + " | " + action.timeout + " | " + action.interval + " | " +
            action.depth + " |\n";
  }
  return text;
}

namespace {

// Escapes backslashes, and a dot or quote at the beginning of a line, which roff would interpret.
std::string roff_escaped(std::string_view text) {
  std::string line;
  for (const char character : text) {
    const bool begins = line.empty() || line.back() == '\n';
    if (begins && (character == '.' || character == '\'')) {
      line += "\\&";
    }
    line += character == '\\' ? "\\e" : character == '-' ? "\\-" : std::string(1, character);
  }
  return line;
}

// One paragraph for each block of lines; indented blocks keep their form.
std::string paragraphs(std::string_view text) {
  std::string roff;
  while (!text.empty()) {
    const auto block = text.substr(0, text.find("\n\n"));
    text.remove_prefix(std::min(text.size(), block.size() + 2));
    roff += block.starts_with(' ') ? ".PP\n.nf\n" + roff_escaped(block) + "\n.fi\n"
                                   : ".PP\n" + roff_escaped(block) + "\n";
  }
  return roff;
}

std::string details(const ParameterSpec& parameter) {
  std::string text = parameter.required == Required::yes ? "required" : "optional";
  for (std::size_t i = 0; i < parameter.options.size(); ++i) {
    text += (i == 0 ? "; one of " : ", ") + parameter.options[i];
  }
  if (parameter.default_value && !parameter.default_value->empty()) {
    text += "; default: " + *parameter.default_value;
  }
  return text + (parameter.reloadable == Reloadable::yes ? "; a change needs no restart" : "");
}

}  // namespace

std::string manual_page(const AgentSpec& spec, std::string_view provider) {
  const std::string name = std::string(provider) + "_" + spec.name;
  std::string page = ".TH OCF_" + name + R"( 7 "" "ocf:)" + std::string(provider) + ":" +
                     spec.name + " " + spec.version + R"(" "OCF resource agents")" +
                     "\n.SH NAME\nocf_" + name + " \\- " + roff_escaped(spec.shortdesc) +
                     "\n.SH DESCRIPTION\n" + paragraphs(spec.longdesc) + ".SH PARAMETERS\n";
  for (const auto& parameter : spec.parameters) {
    page += ".TP\n.B " + roff_escaped(parameter.name) + "\n" + roff_escaped(parameter.longdesc) +
            "\n.br\n(" + roff_escaped(details(parameter)) + ")\n";
  }
  page += ".SH ACTIONS\n";
  for (const auto& action : spec.actions) {
    page += ".TP\n.B " + roff_escaped(action.name) + "\nsuggested timeout " + action.timeout +
            (action.interval.empty() ? "" : ", interval " + action.interval) +
            (action.depth.empty() ? "" : ", check level " + action.depth) + "\n";
  }
  return page +
         ".SH EXIT STATUS\nThose of OCF 1.1; docs/exit\\-reasons.md in this package's directory "
         "below /usr/share/doc explains each exit reason and what to do.\n"
         ".SH SEE ALSO\n.BR kamailio (8),\n.BR crm_resource (8),\n.BR pcs (8),\n.BR crm (8)\n";
}

}  // namespace ocf
