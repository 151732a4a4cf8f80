#include "agent/ocf/manual.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ocf {
namespace {

// roff would take a backslash, and a dot or quote at the beginning of a line, for its own.
std::string escaped(std::string_view text) {
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

// A paragraph for each block of lines; blocks that are indented stay as they are.
std::string paragraphs(std::string_view text) {
  std::string roff;
  while (!text.empty()) {
    const auto block = text.substr(0, text.find("\n\n"));
    text.remove_prefix(std::min(text.size(), block.size() + 2));
    roff += block.starts_with(' ') ? ".PP\n.nf\n" + escaped(block) + "\n.fi\n"
                                   : ".PP\n" + escaped(block) + "\n";
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
                     "\n.SH NAME\nocf_" + name + " \\- " + escaped(spec.shortdesc) +
                     "\n.SH DESCRIPTION\n" + paragraphs(spec.longdesc) + ".SH PARAMETERS\n";
  for (const auto& parameter : spec.parameters) {
    page += ".TP\n.B " + escaped(parameter.name) + "\n" + escaped(parameter.longdesc) + "\n.br\n(" +
            escaped(details(parameter)) + ")\n";
  }
  page += ".SH ACTIONS\n";
  for (const auto& action : spec.actions) {
    page += ".TP\n.B " + escaped(action.name) + "\nsuggested timeout " + action.timeout +
            (action.interval.empty() ? "" : ", interval " + action.interval) +
            (action.depth.empty() ? "" : ", check level " + action.depth) + "\n";
  }
  return page +
         ".SH EXIT STATUS\nThose of OCF 1.1; what each exit reason means, and what to do, stands "
         "in docs/exit\\-reasons.md below this package's directory in /usr/share/doc.\n"
         ".SH SEE ALSO\n.BR kamailio (8),\n.BR crm_resource (8),\n.BR pcs (8),\n.BR crm (8)\n";
}

}  // namespace ocf
