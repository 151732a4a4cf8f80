#include "agent/kamailio/reasons.h"
#include "agent/kamailio/spec.h"
#include "agent/ocf/metadata.h"

#include <cstdio>
#include <string_view>

// Prints docs/parameters.md, docs/exit-reasons.md, or the manual page.
int main(int argc, char** argv) {
  const std::string_view document = argc == 2 ? argv[1] : "";
  if (document != "parameters" && document != "exit-reasons" && document != "manual") {
    std::fputs("usage: agent_reference parameters|exit-reasons|manual\n", stderr);
    return 2;
  }
  const auto text = document == "parameters"     ? ocf::reference_markdown(kamailio::agent_spec())
                    : document == "exit-reasons" ? kamailio::reasons_markdown()
                                                 : ocf::manual_page(kamailio::agent_spec(), "sip");
  std::fputs(text.c_str(), stdout);
  return 0;
}
