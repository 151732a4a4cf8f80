#include "agent/kamailio/spec.h"
#include "agent/ocf/metadata.h"

#include <cstdio>

// Prints docs/parameters.md.
int main() {
  std::fputs(ocf::reference_markdown(kamailio::agent_spec()).c_str(), stdout);
  return 0;
}
