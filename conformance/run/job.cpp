#include "conformance/run/job.h"

#include "conformance/outcome/outcome.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace conformance {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

bool interrupted = false;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// The original dispositions of SIGINT and SIGTERM. Asio would reset them to the default actions.
class Dispositions {
 public:
  Dispositions() {
    ::sigaction(SIGINT, nullptr, &of_int_);
    ::sigaction(SIGTERM, nullptr, &of_term_);
  }
  Dispositions(const Dispositions&) = delete;
  Dispositions& operator=(const Dispositions&) = delete;
  ~Dispositions() { restore(); }

  void restore() const {
    ::sigaction(SIGINT, &of_int_, nullptr);
    ::sigaction(SIGTERM, &of_term_, nullptr);
  }

 private:
  struct sigaction of_int_ = {};
  struct sigaction of_term_ = {};
};

Outcome broken(const std::string& why) {
  return {.verdict = Outcome::Verdict::broken,
          .findings = {{.rule = "the check runs", .expected = "a result", .seen = why}}};
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
    return broken("the process that ran the check died");
  }
  try {
    return outcome_from(text);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

int cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

Outcome play_here(const Job& job) {
  node::Init nobody{posix::Descriptor()};
  try {
    return job.play(nobody);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

// Runs jobs on nodes. It handles SIGINT and SIGTERM as long as it exists.
class NodeRunner {
 public:
  using Jobs = std::vector<std::pair<std::size_t, const Job*>>;
  using Done = std::function<void(std::size_t, Outcome)>;

  NodeRunner() {
    interrupted = false;
    signals_.async_wait(
        [](const error_code& error, int /*signal*/) { interrupted = interrupted || !error; });
  }
  NodeRunner(const NodeRunner&) = delete;
  NodeRunner& operator=(const NodeRunner&) = delete;
  ~NodeRunner() {
    for (const auto& running : running_) {
      end(*running);
    }
  }

  // Handles signals that arrived while nothing ran.
  void look() { context_.poll(); }

  // Runs all jobs, `at_a_time` at once, until they are finished or a signal arrives.
  void run(const Jobs& jobs, int at_a_time, const Done& done) {
    for (auto next = jobs.begin(); !was_interrupted();) {
      for (; next != jobs.end() && running_.size() < static_cast<std::size_t>(at_a_time); ++next) {
        start(next->first, *next->second, done);
      }
      if (running_.empty()) {
        return look();
      }
      context_.run_one();
    }
  }

 private:
  // Its handlers share ownership, because they are called even after a cancellation.
  struct Running {
    pid_t pid = -1;
    asio::posix::stream_descriptor output;
    asio::steady_timer patience;
    std::string text = {};
  };

  void start(std::size_t index, const Job& job, const Done& done) {
    try {
      wait_for(begin(job), index, done);
    } catch (const std::exception& error) {
      done(index, broken(error.what()));
    }
  }

  std::shared_ptr<Running> begin(const Job& job) {
    auto node = node::run_apart(
        [this, &job] {
          usual_.restore();
          job.make_node();
        },
        [&job](node::Init& init) { return json_of(job.play(init)); });
    return std::make_shared<Running>(
        Running{.pid = node.pid,
                .output = {context_, node.output.release()},
                .patience = asio::steady_timer(context_, job.patience)});
  }

  void wait_for(const std::shared_ptr<Running>& running, std::size_t index, const Done& done) {
    running_.insert(running);
    // The first outcome counts.
    const auto finish = [this, running, index, &done](Outcome outcome) {
      if (running_.erase(running) != 0) {
        end(*running);
        done(index, std::move(outcome));
      }
    };
    asio::async_read(running->output, asio::dynamic_buffer(running->text),
                     [finish, running](const error_code& /*end*/, std::size_t /*size*/) {
                       finish(outcome_of(running->text));
                     });
    running->patience.async_wait([finish](const error_code& /*error*/) {
      finish(broken("no result before the time limit of the check"));
    });
  }

  static void end(Running& running) {
    running.output.close();
    running.patience.cancel();
    ::kill(running.pid, SIGKILL);
    while (::waitpid(running.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  asio::io_context context_ = asio::io_context(1);  // single-threaded
  Dispositions usual_;
  asio::signal_set signals_ = asio::signal_set(context_, SIGINT, SIGTERM);
  std::set<std::shared_ptr<Running>> running_;
};

}  // namespace

bool was_interrupted() { return interrupted; }

std::vector<Outcome> run_all(const std::vector<Job>& jobs, int at_a_time,
                             const std::function<void(const Outcome&)>& done) {
  NodeRunner runner;
  std::vector<std::optional<Outcome>> outcomes(jobs.size());
  const auto keep = [&](std::size_t index, Outcome outcome) {
    outcomes[index] = with_question(std::move(outcome), jobs[index]);
    done(*outcomes[index]);
  };
  NodeRunner::Jobs on_nodes;
  for (std::size_t i = 0; i < jobs.size() && !was_interrupted(); ++i) {
    if (jobs[i].make_node) {
      on_nodes.emplace_back(i, &jobs[i]);
    } else {
      keep(i, play_here(jobs[i]));
      runner.look();
    }
  }
  NodeRunner::Jobs once_more;
  std::map<std::size_t, Outcome> at_first;
  runner.run(on_nodes, at_a_time, [&](std::size_t index, Outcome outcome) {
    const bool holds =
        outcome.verdict == Outcome::Verdict::passed || outcome.verdict == Outcome::Verdict::skipped;
    if (!holds && jobs[index].again) {
      once_more.emplace_back(index, jobs[index].again.get());
      at_first.emplace(index, std::move(outcome));
    } else {
      keep(index, std::move(outcome));
    }
  });
  runner.run(once_more, 2 * cores(), [&](std::size_t index, Outcome outcome) {
    outcome.is_second_try = outcome.verdict == Outcome::Verdict::passed;
    const bool says_nothing =
        outcome.verdict == Outcome::Verdict::skipped || outcome.verdict == Outcome::Verdict::broken;
    keep(index, says_nothing ? at_first.at(index) : std::move(outcome));
  });
  std::vector<Outcome> all;
  for (auto& outcome : outcomes) {
    if (outcome) {
      all.push_back(*std::move(outcome));
    }
  }
  return all;
}

}  // namespace conformance
