#include "sim/yaml/text_file.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <memory>

namespace yaml {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

tl::unexpected<std::error_code> failed() {
  return tl::unexpected(std::error_code(errno, std::generic_category()));
}

}  // namespace

// Not with a stream of the library: those do not tell why they fail.
tl::expected<std::string, std::error_code> read_text_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    return failed();
  }
  std::string text;
  std::array<char, 4096> part = {};
  std::size_t count = 0;
  while ((count = std::fread(part.data(), 1, part.size(), file.get())) > 0) {
    text.append(part.data(), count);
  }
  if (std::ferror(file.get()) != 0) {
    return failed();
  }
  return text;
}

}  // namespace yaml
