#include "sim/yaml/text_file.h"

#include <fstream>
#include <sstream>

namespace yaml {

std::optional<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return file && text ? std::optional(text.str()) : std::nullopt;
}

}  // namespace yaml
