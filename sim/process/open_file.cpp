#include "sim/process/open_file.h"

namespace sim {
namespace {

tl::unexpected<host::Error> invalid() {
  return tl::unexpected(host::Error{.text = "Invalid argument"});
}

}  // namespace

host::Result<void> OpenFile::send(std::string_view /*bytes*/) { return invalid(); }

host::Result<host::Endpoint> OpenFile::local_endpoint() { return invalid(); }

std::optional<OpenFile::Happened> OpenPipe::take(Descriptor self) {
  Pipe& pipe = end_->pipe();
  if (end_->use() == PipeEnd::Use::writing) {
    return std::nullopt;
  }
  if (!pipe.is_empty()) {
    return Happened{.event = GotBytes{.descriptor = self, .bytes = pipe.read_all()}};
  }
  if (pipe.writers() == 0 && !std::exchange(has_ended_, true)) {
    return Happened{.event = GotEnd{.descriptor = self, .reason = ""}};
  }
  return std::nullopt;
}

// Actors write little to a pipe by a descriptor: a full pipe does not occur on this machine.
host::Result<void> OpenPipe::send(std::string_view bytes) {
  Pipe& pipe = end_->pipe();
  if (end_->use() != PipeEnd::Use::writing) {
    return invalid();
  }
  if (pipe.readers() == 0) {
    return tl::unexpected(host::Error{.text = "Broken pipe"});
  }
  if (pipe.write(bytes) < bytes.size()) {
    return tl::unexpected(host::Error{.text = "Resource temporarily unavailable"});
  }
  return {};
}

}  // namespace sim
