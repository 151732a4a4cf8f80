#include "sim/process/simulated_stage.h"

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

// Files of a process of the simulated machine.

namespace sim {
namespace {

tl::unexpected<host::Error> error(int errno_value) {
  return tl::unexpected(host::Error{.text = std::generic_category().message(errno_value)});
}

host::Result<void> done(const Errno<void>& result) {
  return result ? host::Result<void>() : error(result.error());
}

StageFile::Type type_of(Inode::Type type) {
  switch (type) {
    case Inode::Type::regular:
      return StageFile::Type::regular;
    case Inode::Type::directory:
      return StageFile::Type::directory;
    case Inode::Type::fifo:
      return StageFile::Type::fifo;
    case Inode::Type::socket:
      return StageFile::Type::socket;
    case Inode::Type::symbolic_link:
    case Inode::Type::zero_device:
    case Inode::Type::null_device:
      return StageFile::Type::other;
  }
  return StageFile::Type::other;
}

// The pipe behind a FIFO, which all that open the FIFO share.
std::shared_ptr<Pipe> pipe_behind(Inode& fifo) {
  if (!fifo.attachment) {
    fifo.attachment = std::make_shared<Pipe>();
  }
  return std::static_pointer_cast<Pipe>(fifo.attachment);
}

}  // namespace

host::Result<std::string> SimulatedStage::read_file(const std::string& path) {
  auto text = machine_.files.read(path, process().identity);
  return text ? host::Result<std::string>(*std::move(text)) : error(text.error());
}

host::Result<void> SimulatedStage::write_file(const std::string& path, std::string_view text) {
  constexpr unsigned mode = 0666;
  return done(machine_.files.write(path, text, Writing::replace, mode, process().identity));
}

host::Result<void> SimulatedStage::remove_file(const std::string& path) {
  return done(machine_.files.unlink(path, process().identity));
}

host::Result<void> SimulatedStage::make_fifo(const std::string& path, unsigned mode) {
  return done(machine_.files.mkfifo(path, mode, process().identity));
}

host::Result<void> SimulatedStage::give_file(const std::string& path, const std::string& user,
                                             const std::optional<std::string>& group) {
  auto owner = owner_called(user, group.value_or(""));
  if (!owner) {
    return tl::unexpected(owner.error());
  }
  if (!group) {
    const auto found = machine_.files.stat(path, process().identity);
    owner->group = found ? found->owner.group : owner->group;
  }
  return done(machine_.files.chown(path, *owner, process().identity));
}

host::Result<void> SimulatedStage::set_mode(const std::string& path, unsigned mode) {
  return done(machine_.files.chmod(path, mode, process().identity));
}

bool SimulatedStage::may_write(const std::string& path) {
  return machine_.files.access(path, Permission::write, process().identity).has_value();
}

host::Result<StageFile> SimulatedStage::file(const std::string& path) {
  const auto status = machine_.files.stat(path, process().identity);
  if (!status) {
    return error(status.error());
  }
  return StageFile{.type = type_of(status->type), .owner = status->owner.user};
}

host::Result<Descriptor> SimulatedStage::open_fifo(const std::string& path) {
  const auto fifo = machine_.files.open(path, Permission::read_and_write, process().identity);
  if (!fifo) {
    return error(fifo.error());
  }
  const auto pipe = pipe_behind(**fifo);
  return add(std::make_shared<OpenPipe>(std::make_shared<PipeEnd>(pipe, PipeEnd::Use::reading),
                                        std::make_shared<PipeEnd>(pipe, PipeEnd::Use::writing)));
}

Task<host::Result<Descriptor>> SimulatedStage::open_fifo_to_write(std::string path) {
  const auto fifo = machine_.files.open(path, Permission::write, process().identity);
  if (!fifo) {
    co_return error(fifo.error());
  }
  opened_ = pipe_behind(**fifo);
  co_await Waiting{*this, {.what = Wait::What::reader}};
  co_return add(std::make_shared<OpenPipe>(
      std::make_shared<PipeEnd>(std::exchange(opened_, nullptr), PipeEnd::Use::writing)));
}

host::Result<Descriptor> SimulatedStage::open_read_fifo(const std::string& path) {
  const auto fifo = machine_.files.open(path, Permission::write, process().identity);
  if (!fifo) {
    return error(fifo.error());
  }
  auto pipe = pipe_behind(**fifo);
  if (pipe->readers() == 0) {
    return error(ENXIO);
  }
  return add(std::make_shared<OpenPipe>(
      std::make_shared<PipeEnd>(std::move(pipe), PipeEnd::Use::writing)));
}

}  // namespace sim
