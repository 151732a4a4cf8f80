#include "conformance/run/job.h"

#include "conformance/outcome/outcome.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <exception>
#include <list>
#include <map>
#include <optional>
#include <thread>
#include <utility>

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;  // NOLINT

// While it lives, SIGINT and SIGTERM are noted, in a wait only, so that none comes just before one.
class Interruptions {
 public:
  Interruptions() {
    interrupted = 0;
    sigset_t both;
    ::sigemptyset(&both);
    ::sigaddset(&both, SIGINT);
    ::sigaddset(&both, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &both, &usual_);
    struct sigaction note = {};
    note.sa_handler = [](int /*signal*/) { interrupted = 1; };
    ::sigaction(SIGINT, &note, &of_int_);
    ::sigaction(SIGTERM, &note, &of_term_);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions() { restore(); }

  // The signals that are blocked otherwise.
  [[nodiscard]] const sigset_t& usual() const { return usual_; }

  // What came meanwhile is noted.
  void look() const {
    const timespec at_once = {};
    (void)::ppoll(nullptr, 0, &at_once, &usual_);
  }

  // Also for a process that is made meanwhile.
  void restore() const {
    look();
    ::sigaction(SIGINT, &of_int_, nullptr);
    ::sigaction(SIGTERM, &of_term_, nullptr);
    ::sigprocmask(SIG_SETMASK, &usual_, nullptr);
  }

 private:
  sigset_t usual_ = {};
  struct sigaction of_int_ = {};
  struct sigaction of_term_ = {};
};

Outcome broken(const std::string& why) {
  return {.verdict = Outcome::Verdict::broken,
          .findings = {
              {.rule = "a question that can be asked", .expected = "an outcome", .seen = why}}};
}

Outcome with_question(Outcome outcome, const Job& job) {
  outcome.question = job.question;
  outcome.rig = job.rig;
  return outcome;
}

Outcome outcome_of(const std::string& text) {
  if (text.starts_with('!')) {
    return broken(text.substr(1));
  }
  if (text.empty()) {
    return broken("the process that asked it has died");
  }
  try {
    return outcome_from(text);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

// Jobs that are played on nodes.
class NodeRunner {
 public:
  NodeRunner(const std::function<void(std::size_t, Outcome)>& done, const Interruptions& signals)
      : done_(done), signals_(signals) {}
  NodeRunner(const NodeRunner&) = delete;
  NodeRunner& operator=(const NodeRunner&) = delete;
  ~NodeRunner() {
    for (const auto& running : running_) {
      end(running);
    }
  }

  [[nodiscard]] std::size_t count() const { return running_.size(); }

  void start(std::size_t index, const Job& job) {
    try {
      running_.push_back({.index = index,
                          .node = node::run_apart(
                              [this, &job] {
                                signals_.restore();
                                job.make_node();
                              },
                              [&job](node::Init& init) { return json_of(job.play(init)); }),
                          .until = Clock::now() + job.patience});
    } catch (const std::exception& error) {
      done_(index, broken(error.what()));
    }
  }

  // Waits until something happens.
  void wait() {
    std::vector<pollfd> polled;
    auto until = Clock::time_point::max();
    for (const auto& running : running_) {
      polled.push_back({.fd = running.node.output.get(), .events = POLLIN, .revents = 0});
      until = std::min(until, running.until);
    }
    const auto left = std::max(until - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec wait = {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
    if (::ppoll(polled.data(), polled.size(), &wait, &signals_.usual()) < 0) {
      return;  // by a signal
    }
    auto running = running_.begin();
    for (const auto& ready : polled) {
      const bool is_done = ready.revents != 0 && !read_some(*running);
      const bool is_late = Clock::now() >= running->until;
      if (is_done || is_late) {
        end(*running);
        done_(running->index, is_done ? outcome_of(running->text)
                                      : broken("no outcome after all the time it might take"));
        running = running_.erase(running);
      } else {
        ++running;
      }
    }
  }

 private:
  struct Running {
    std::size_t index = 0;
    node::Apart node;
    Clock::time_point until;
    std::string text = {};
  };

  // False at the end.
  static bool read_some(Running& running) {
    std::array<char, 65536> buffer = {};
    const auto count = ::read(running.node.output.get(), buffer.data(), buffer.size());
    if (count > 0) {
      running.text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return count > 0 || (count < 0 && errno == EINTR);
  }

  static void end(const Running& running) {
    ::kill(running.node.pid, SIGKILL);
    ::waitpid(running.node.pid, nullptr, 0);
  }

  const std::function<void(std::size_t, Outcome)>& done_;
  const Interruptions& signals_;
  std::list<Running> running_;
};

int cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

Outcome play_here(const Job& job) {
  node::Init nobody{posix::Descriptor()};
  try {
    return job.play(nobody);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

// Those of the jobs that are played on nodes, so many at a time.
class NodeRound {
 public:
  using Done = std::function<void(std::size_t, Outcome)>;

  NodeRound(int at_a_time, const Interruptions& signals, Done done)
      : at_a_time_(static_cast<std::size_t>(at_a_time)),
        done_(std::move(done)),
        nodes_(done_, signals) {}

  void run(const std::vector<std::pair<std::size_t, const Job*>>& jobs) {
    for (std::size_t next = 0; !was_interrupted();) {
      for (; next < jobs.size() && nodes_.count() < at_a_time_; ++next) {
        nodes_.start(jobs[next].first, *jobs[next].second);
      }
      if (nodes_.count() == 0) {
        return;
      }
      nodes_.wait();
    }
  }

 private:
  std::size_t at_a_time_;
  Done done_;
  NodeRunner nodes_;
};

}  // namespace

bool was_interrupted() { return interrupted != 0; }

std::vector<Outcome> run_all(const std::vector<Job>& jobs, int at_a_time,
                             const std::function<void(const Outcome&)>& done) {
  using Jobs = std::vector<std::pair<std::size_t, const Job*>>;
  const Interruptions signals;
  std::vector<std::optional<Outcome>> outcomes(jobs.size());
  const auto keep = [&](std::size_t index, Outcome outcome) {
    outcomes[index] = with_question(std::move(outcome), jobs[index]);
    done(*outcomes[index]);
  };
  Jobs on_nodes;
  for (std::size_t i = 0; i < jobs.size() && !was_interrupted(); ++i) {
    if (jobs[i].make_node) {
      on_nodes.emplace_back(i, &jobs[i]);
    } else {
      keep(i, play_here(jobs[i]));
      signals.look();
    }
  }
  Jobs once_more;
  std::map<std::size_t, Outcome> at_first;
  NodeRound(at_a_time, signals, [&](std::size_t index, Outcome outcome) {
    const bool holds =
        outcome.verdict == Outcome::Verdict::passed || outcome.verdict == Outcome::Verdict::skipped;
    if (!holds && jobs[index].again) {
      once_more.emplace_back(index, jobs[index].again.get());
      at_first.emplace(index, std::move(outcome));
    } else {
      keep(index, std::move(outcome));
    }
  }).run(on_nodes);
  NodeRound(2 * cores(), signals, [&](std::size_t index, Outcome outcome) {
    outcome.is_second_try = outcome.verdict == Outcome::Verdict::passed;
    const bool says_nothing =
        outcome.verdict == Outcome::Verdict::skipped || outcome.verdict == Outcome::Verdict::broken;
    keep(index, says_nothing ? at_first.at(index) : std::move(outcome));
  }).run(once_more);
  std::vector<Outcome> all;
  for (auto& outcome : outcomes) {
    if (outcome) {
      all.push_back(*std::move(outcome));
    }
  }
  return all;
}

}  // namespace conformance
