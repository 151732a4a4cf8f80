#include "sim/machine/machine.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace sim {
namespace {

// Without a umask: the mode is exactly the given one.
constexpr Identity root = {.user = 0, .group = 0, .creation_mask = 0};

void must(const Errno<void>& done, const std::string& path) {
  if (!done) {
    throw std::logic_error("cannot create " + path + ": " +
                           std::generic_category().message(done.error()));
  }
}

}  // namespace

Machine::Machine(std::uint64_t seed)
    : random(seed),
      processes(time, trace),
      sockets(time, random, files),
      //  A Monday morning; any moment would do.
      wall_offset(std::chrono::seconds(1'764'000'000)) {
  constexpr unsigned shared = 01777;
  for (const auto* const path : {"/etc", "/run", "/usr/bin", "/usr/sbin", "/dev", "/var"}) {
    put_directory(path);
  }
  put_directory("/tmp", shared);
  // The files of every Debian that programs look for.
  constexpr unsigned executable = 0755;
  for (const auto* const path : {"/usr/bin/awk", "/usr/bin/egrep", "/usr/bin/mkfifo"}) {
    put_file(path, "", executable);
  }
  must(files.symlink("/run", "/var/run", root), "/var/run");
}

void Machine::install(const std::string& path, Life program) {
  constexpr unsigned executable = 0755;
  put_file(path, "", executable);
  files.open(path, Permission::none, root).value()->program = path;
  programs[path] = std::move(program);
}

void Machine::put_directory(const std::string& path, unsigned mode, host::Owner owner) {
  if (!files.exists(path)) {
    make_parent_of(path);
    must(files.mkdir(path, mode, root), path);
  }
  must(files.chmod(path, mode, root), path);
  must(files.chown(path, owner, root), path);
}

void Machine::make_parent_of(const std::string& path) {
  const auto parent = path.substr(0, path.rfind('/'));
  if (!parent.empty() && !files.exists(parent)) {
    put_directory(parent);
  }
}

void Machine::put_file(const std::string& path, std::string_view text, unsigned mode,
                       host::Owner owner) {
  make_parent_of(path);
  must(files.write(path, text, Writing::replace, mode, root), path);
  must(files.chmod(path, mode, root), path);
  must(files.chown(path, owner, root), path);
}

void Machine::put_copy(const std::string& path, const std::string& source, unsigned mode,
                       host::Owner owner) {
  const auto original = files.open(source, Permission::none, root);
  if (!original) {
    throw std::runtime_error("cannot copy " + source + ": no such file");
  }
  make_place(path);
  put_file(path, (*original)->text, mode, owner);
  auto& copy = *files.open(path, Permission::none, root).value();
  copy.interpreter = (*original)->interpreter;
  if (const auto program = programs.find((*original)->program); program != programs.end()) {
    copy.program = path;
    programs[path] = Life(program->second);
  }
}

void Machine::make_place(const std::string& path) {
  if (files.exists(path)) {
    files.vanish(path);
  }
  make_parent_of(path);
}

void Machine::put_link(const std::string& path, const std::string& target, host::Owner owner) {
  make_place(path);
  must(files.symlink(target, path, root), path);
  must(files.lchown(path, owner, root), path);
}

void Machine::put_fifo(const std::string& path, unsigned mode, host::Owner owner) {
  make_place(path);
  must(files.mkfifo(path, mode, root), path);
  must(files.chown(path, owner, root), path);
}

Errno<std::string> Machine::program_at(const std::string& path, const Identity& who) const {
  const auto file = files.open(path, Permission::execute, who);
  if (!file) {
    return tl::unexpected(file.error());
  }
  const auto& interpreter = (*file)->interpreter;
  if (!interpreter.empty()) {
    return program_at(interpreter, who);
  }
  if (!programs.contains((*file)->program)) {
    throw std::logic_error("no actor for the program " + path);
  }
  return (*file)->program;
}

std::time_t Machine::wall_time() const {
  return std::chrono::duration_cast<std::chrono::seconds>(time.now().time_since_epoch() +
                                                          wall_offset)
      .count();
}

}  // namespace sim
