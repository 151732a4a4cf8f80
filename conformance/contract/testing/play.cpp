#include "conformance/contract/testing/play.h"

#include "conformance/contract/contract.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace contract::testing {
namespace {

namespace fs = std::filesystem;
using Verdict = conformance::Outcome::Verdict;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A directory below /tmp, in which an ordinary user can run the agent, with the directories of the
// two resources.
class Place {
 public:
  explicit Place(const Widget& widget) {
    if (::mkdtemp(path_.data()) == nullptr || ::chmod(path_.c_str(), 0755) != 0) {
      throw std::runtime_error("cannot make " + path_);
    }
    for (const char* const directory : {"/one", "/one_2", "/spare"}) {
      fs::create_directory(path_ + directory);
    }
    const auto script = text_of(WIDGET);
    std::ofstream(agent(widget)) << "#!/bin/sh\ndefect=" << widget.defect << "\nspare=" << path_
                                 << "/spare\n"
                                 << script.substr(script.find('\n') + 1);
    fs::permissions(agent(widget), fs::perms(0755));
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string agent(const Widget& widget) const {
    return path_ + "/" + widget.file_name;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/ocf-contract-test-XXXXXX";
};

Subject subject_at(const Place& place, const Widget& widget, pid_t reaper) {
  const cluster::AgentName name = {.provider = "test", .type = "widget"};
  Subject subject{.cluster = cluster::Cluster(place.agent(widget), name, widget.rate),
                  .name = name,
                  .resource = {.name = "one", .parameters = {{"directory", place.path() + "/one"}}},
                  .rate = widget.rate};
  if (!widget.second_is_made_up) {
    subject.other = {.name = "one_2", .parameters = {{"directory", place.path() + "/one_2"}}};
  }
  subject.surroundings = {.reaper = reaper,
                          .directories = {place.path() + "/one", place.path() + "/spare"}};
  learn_meta_data(subject);
  return subject;
}

void ask(const std::string& id, const Widget& widget, const Place& place, pid_t reaper, int out) {
  const auto& checks = all_checks();
  const auto check = std::ranges::find(checks, id, &Check::id);
  std::string answer;
  try {
    const auto outcome = run_check(*check, subject_at(place, widget, reaper));
    answer = static_cast<char>('0' + static_cast<int>(outcome.verdict)) + outcome.reason;
    for (const auto& finding : outcome.findings) {
      answer += finding.step + ": " + finding.rule + ": expected " + finding.expected + ", seen " +
                finding.seen + "; " + finding.consequence + "\n";
    }
    for (const auto& line : outcome.timeline) {
      answer += "  " + line.what + "\n";
    }
  } catch (const std::exception& error) {
    answer = std::string("3exception: ") + error.what();
  }
  static_cast<void>(::write(out, answer.data(), answer.size()));
}

// Runs as the first process of a node: orphans of the agent become its children, and end with it.
void reap_while(pid_t asking) {
  while (::waitpid(-1, nullptr, 0) != asking) {
  }
  for (const auto& [pid, process] : processes_below(::getpid())) {
    ::kill(pid, SIGKILL);
  }
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
}

std::string all_of(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

Played play(const std::string& id, const Widget& widget) {
  const Place place(widget);
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe");
  }
  const pid_t reaper = ::fork();
  if (reaper == 0) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    static_cast<void>(::unshare(CLONE_NEWIPC));  // for root
    const pid_t itself = ::getpid();
    const pid_t asking = ::fork();
    if (asking == 0) {
      ask(id, widget, place, itself, ends[1]);
      std::_Exit(0);
    }
    reap_while(asking);
    std::_Exit(0);
  }
  ::close(ends[1]);
  const auto answer = all_of(ends[0]);
  ::close(ends[0]);
  ::waitpid(reaper, nullptr, 0);
  if (answer.empty()) {
    throw std::runtime_error(id + ": no answer");
  }
  return {.verdict = static_cast<Verdict>(answer.front() - '0'), .text = answer.substr(1)};
}

}  // namespace contract::testing
