#include "sim/calibration/node_player.h"

#include "sim/calibration/reader.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace calibration {
namespace {

host::Error failed(const std::string& what) {
  return {.text = what + ": " + std::generic_category().message(errno)};
}

// What a command prints, if it succeeds; what it complains about goes where ours does.
host::Result<std::string> output_of(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (auto& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(failed("pipe"));
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::execv(pointers.front(), pointers.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::string output;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = ::read(pipe[0], buffer.data(), buffer.size());
    output.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  ::close(pipe[0]);
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid) {
    return tl::unexpected(failed("fork"));
  }
  if (status != 0) {
    return tl::unexpected(host::Error{.text = "it cannot be played"});
  }
  return output;
}

}  // namespace

NodePlayer::NodePlayer(std::string in_node, std::string program, std::vector<std::string> options,
                       std::string file)
    : in_node_(std::move(in_node)),
      program_(std::move(program)),
      options_(std::move(options)),
      file_(std::move(file)) {}

host::Result<Observation> NodePlayer::play(const Situation& situation) {
  std::vector<std::string> arguments = {in_node_, program_, "play", file_, situation.id};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  const auto output = output_of(std::move(arguments));
  if (!output) {
    return tl::unexpected(output.error());
  }
  auto observation = read_observation(*output);
  if (!observation) {
    return tl::unexpected(host::Error{.text = observation.error().message()});
  }
  return *std::move(observation);
}

}  // namespace calibration
