#include "agent/host/kept_output.h"

#include <algorithm>
#include <utility>

namespace host {

void KeptOutput::add(std::string_view bytes) {
  if (ignored_.empty()) {
    keep(bytes);
    return;
  }
  while (!bytes.empty() && text_.size() < most) {
    const auto end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    line_ += bytes.substr(0, std::min(end, most - std::min(line_.size(), most)));
    bytes.remove_prefix(end);
    if (line_.ends_with('\n') || line_.size() >= most) {
      KeptOutput::end();
    }
  }
}

void KeptOutput::end() {
  if (const auto line = std::exchange(line_, {}); line.find(ignored_) == std::string::npos) {
    keep(line);
  }
}

void KeptOutput::keep(std::string_view bytes) { text_ += bytes.substr(0, most - text_.size()); }

}  // namespace host
