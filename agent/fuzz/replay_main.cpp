// Passes each file of the given directories to a fuzz target, so that every build replays the
// inputs that a fuzzer found. Fails if a directory has no file.

#include "agent/fuzz/target.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error(path.string() + ": it cannot be read");
  }
  std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(file), {});
  bytes.shrink_to_fit();  // so that the address sanitizer detects reads beyond the end
  return bytes;
}

std::size_t replay(const std::filesystem::path& directory) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.is_regular_file()) {
      continue;
    }
    // Before the call, which may not return.
    std::printf("%s\n", entry.path().c_str());
    (void)std::fflush(stdout);
    const auto bytes = bytes_of(entry.path());
    (void)LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++files;
  }
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::size_t files = 0;
    for (int i = 1; i < argc; ++i) {
      const auto found = replay(argv[i]);
      if (found == 0) {
        throw std::runtime_error(std::string(argv[i]) + ": no file in it");
      }
      files += found;
    }
    if (files == 0) {
      throw std::runtime_error("usage: DIRECTORY...");
    }
    std::printf("%zu files\n", files);
    return 0;
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
