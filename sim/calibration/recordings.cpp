#include "sim/calibration/recordings.h"

#include "sim/calibration/reader.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace calibration {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? std::optional(text.str()) : std::nullopt;
}

}  // namespace

tl::expected<std::string, std::string> load_text(const std::string& file) {
  auto text = text_of(file);
  if (!text) {
    return tl::unexpected(file + ": cannot be read");
  }
  return *std::move(text);
}

tl::expected<Recordings, std::string> load_recordings(const std::string& file) {
  auto text = load_text(file);
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto situations = read_situations(file, *text, [&](const std::string& name) {
    return text_of(fs::path(file).parent_path() / "config" / (name + ".cfg"));
  });
  if (!situations) {
    return tl::unexpected(situations.error().message());
  }
  return Recordings{.file = file,
                    .name = fs::path(file).stem().string(),
                    .text = *std::move(text),
                    .situations = *std::move(situations)};
}

}  // namespace calibration
