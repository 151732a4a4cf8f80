#include "sim/calibration/recordings.h"

#include "sim/calibration/reader.h"
#include "sim/yaml/text_file.h"

#include <filesystem>
#include <optional>
#include <utility>

namespace calibration {
namespace {

namespace fs = std::filesystem;

}  // namespace

tl::expected<std::string, std::string> load_text(const std::string& file) {
  auto text = yaml::read_text_file(file);
  if (!text) {
    return tl::unexpected(file + ": " + text.error().message());
  }
  return *std::move(text);
}

tl::expected<Recordings, std::string> load_recordings(const std::string& file) {
  auto text = load_text(file);
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto situations = read_situations(file, *text, [&](const std::string& name) {
    const auto config =
        yaml::read_text_file(fs::path(file).parent_path() / "config" / (name + ".cfg"));
    return config ? std::optional(*config) : std::nullopt;
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
