#include "agent/kamailio/reasons.h"
#include "agent/kamailio/spec.h"
#include "agent/ocf/metadata.h"

#include <cstdio>
#include <string_view>

// Prints docs/parameters.md, or docs/exit-reasons.md.
int main(int argc, char** argv) {
  const std::string_view document = argc == 2 ? argv[1] : "";
  if (document != "parameters" && document != "exit-reasons") {
    std::fputs("usage: agent_reference parameters|exit-reasons\n", stderr);
    return 2;
  }
  const auto text = document == "parameters" ? ocf::reference_markdown(kamailio::agent_spec())
                                             : kamailio::reasons_markdown();
  std::fputs(text.c_str(), stdout);
  return 0;
}
