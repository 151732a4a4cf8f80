#include "sim/fakes/fake.h"

#include "agent/posix/descriptor.h"
#include "sim/process/real_stage.h"
#include "sim/setup/profile_reader.h"
#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr int bad_profile = 99;

// The value in a table of the profile; nullptr if there is none.
const yaml::Tree* find_value(const yaml::Tree& tree, const std::string& key) {
  const auto found = std::ranges::find(tree.entries, key, &yaml::Entry::key);
  return found == tree.entries.end() ? nullptr : &found->value;
}

// A process can be made to hang in the kernel only in the simulated machine.
yaml::BadInput too_much(const std::string& path, const std::string& text) {
  yaml::BadInput refusal{.file = path,
                         .place = {.line = 1, .column = 1},
                         .text = "hangs_in_kernel works only in the simulated machine"};
  if (const auto tree = yaml::read_tree(path, text)) {
    const auto* const kamailio = find_value(*tree, "kamailio");
    const auto* const value =
        kamailio == nullptr ? nullptr : find_value(*kamailio, "hangs_in_kernel");
    refusal.place = value == nullptr ? refusal.place : value->place;
  }
  return refusal;
}

// The profile file and its content.
class ProfileFile {
 public:
  ProfileFile(std::string program, std::string pid_file)
      : program_(std::move(program)), pid_file_(std::move(pid_file)) {}

  // Prints errors to standard error.
  bool read() {
    stamp_ = stamp();
    const auto text = yaml::read_text_file(path_);
    if (!text) {
      if (named_ == nullptr && text.error() == std::errc::no_such_file_or_directory) {
        return true;
      }
      std::cerr << (named_ != nullptr ? "SIM_PROFILE=" : "") << path_ << ": "
                << text.error().message() << '\n';
      return false;
    }
    auto profile = profile_from(*text);
    if (!profile) {
      std::cerr << profile.error().message() << '\n';
      return false;
    }
    *profile_ = *std::move(profile);
    return true;
  }

  void read_again_if_replaced() {
    if (const auto now = stamp(); now != stamp_) {
      stamp_ = now;
      if (const auto text = yaml::read_text_file(path_)) {
        if (auto profile = profile_from(*text)) {
          *profile_ = *std::move(profile);
        }
      }
    }
  }

  [[nodiscard]] std::shared_ptr<const Profile> profile() const { return profile_; }

 private:
  // A new file may get the inode of a removed one.
  using Stamp = std::tuple<ino_t, time_t, long>;

  [[nodiscard]] Stamp stamp() const {
    struct stat status = {};
    if (::stat(path_.c_str(), &status) != 0) {
      return {};
    }
    return {status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  }

  [[nodiscard]] tl::expected<Profile, yaml::BadInput> profile_from(const std::string& text) const {
    auto profile = read_profile_file(path_, text, pid_file_);
    if (profile && profile->kamailio.in_kernel != KamailioProfile::InKernel::no) {
      return tl::unexpected(too_much(path_, text));
    }
    return profile;
  }

  std::string program_;
  std::string pid_file_;
  const char* named_ = std::getenv("SIM_PROFILE");
  std::string path_ = named_ != nullptr ? named_ : program_ + ".profile.yaml";
  std::shared_ptr<Profile> profile_ = std::make_shared<Profile>();
  Stamp stamp_;
};

void note(const std::string& file, int signal, int sender) {
  const posix::Descriptor notes(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (notes.is_open()) {
    const std::string line = std::to_string(::getpid()) + " " + std::to_string(sender) + " " +
                             std::to_string(signal) + "\n";
    (void)!::write(notes.get(), line.data(), line.size());
  }
}

std::string argument_behind(const std::string& option, const std::vector<std::string>& arguments) {
  const auto found = std::ranges::find(arguments, option);
  return arguments.end() - found > 1 ? *(found + 1) : "";
}

}  // namespace

int play_fake(int argc, char** argv, const Actor& actor) {
  const std::vector<std::string> arguments(argv, argv + argc);
  const auto& program = arguments.front();
  ProfileFile file(program, argument_behind("-P", arguments));
  if (!file.read()) {
    return bad_profile;
  }
  RealStage stage(arguments);
  stage.on_waking([&file] { file.read_again_if_replaced(); });
  stage.on_signal(
      [notes = program + ".signals"](int signal, int sender) { note(notes, signal, sender); });
  return stage.play(actor(file.profile()));
}

}  // namespace sim
