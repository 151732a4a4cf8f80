#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

namespace sim::testing {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs commands as at a terminal: in a temporary directory, with the programs of another directory
// in PATH.
class Shell {
 public:
  explicit Shell(std::string programs)
      : directory_(new_directory()), programs_(std::move(programs)) {
    std::filesystem::create_directory(directory_ + "/here");
  }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ + "/here/" + name, std::ios::binary) << text;
  }

  [[nodiscard]] Ran run(const std::string& command) const {
    const std::string line = "cd '" + directory_ + "/here' && PATH='" + programs_ +
                             "':$PATH && exec >../out 2>../err </dev/null\n" + command;
    const int status = std::system(line.c_str());
    return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            .out = text_of("out"),
            .err = text_of("err")};
  }

 private:
  static std::string new_directory() {
    std::string path = std::filesystem::temp_directory_path() / "sim-shell-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), path);
    }
    return path;
  }

  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ifstream file(directory_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string directory_;
  std::string programs_;
};

}  // namespace sim::testing
