#include "conformance/run/job.h"

#include "conformance/node/root.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Verdict = Outcome::Verdict;

// A job of this name on a node.
Job on_node(const std::string& name, std::function<Outcome(node::Init&)> play) {
  return {.question = {.name = name},
          .rig = "node",
          .play = std::move(play),
          .make_node = [] { node::Root().enter(); },
          .patience = std::chrono::seconds(60)};
}

Outcome passed() { return {.verdict = Verdict::passed}; }
Outcome failed() { return {.verdict = Verdict::failed, .findings = {{.rule = "rule"}}}; }

std::vector<std::string> told(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> lines;
  for (const auto& outcome : outcomes) {
    lines.push_back(outcome.question.name + (outcome.verdict == Verdict::passed ? " +" : " -"));
  }
  return lines;
}

std::vector<Outcome> run(const std::vector<Job>& jobs, int at_a_time = 4) {
  return run_all(jobs, at_a_time, [](const Outcome&) {});
}

TEST(JobTest, OutcomesStandInTheOrderOfTheJobs) {
  const std::vector<Job> jobs = {
      on_node("slow",
              [](node::Init&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
                return passed();
              }),
      on_node("quick", [](node::Init&) { return failed(); }),
      {.question = {.name = "here"},
       .play = [](node::Init&) { return passed(); },
       .make_node = {}}};
  EXPECT_THAT(told(run(jobs)), ElementsAre("slow +", "quick -", "here +"));
}

TEST(JobTest, JobsOnNodesAreRunSideBySide) {
  std::vector<Job> jobs;
  for (int i = 0; i < 8; ++i) {
    jobs.push_back(on_node("waits", [](node::Init&) {
      std::this_thread::sleep_for(std::chrono::seconds(1));
      return passed();
    }));
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run(jobs, 8).size(), 8U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(7));
}

TEST(JobTest, AQuestionThatCannotBeAskedFails) {
  auto no_node = on_node("no node", [](node::Init&) { return passed(); });
  no_node.make_node = [] { throw std::runtime_error("there is no room"); };
  const auto outcomes =
      run({no_node,
           on_node("dies", [](node::Init&) -> Outcome { ::_exit(3); }),
           {.question = {.name = "throws here"},
            .play = [](node::Init&) -> Outcome { throw std::runtime_error("it is not to be"); },
            .make_node = {}},
           on_node("throws",
                   [](node::Init&) -> Outcome { throw std::runtime_error("it is not to be"); })});
  EXPECT_THAT(told(outcomes), ElementsAre("no node -", "dies -", "throws here -", "throws -"));
  EXPECT_EQ(outcomes.at(0).findings.at(0).seen, "there is no room");
  EXPECT_THAT(outcomes.at(1).findings.at(0).seen, HasSubstr("died"));
  EXPECT_EQ(outcomes.at(3).findings.at(0).seen, "it is not to be");
}

TEST(JobTest, AQuestionWithoutAnEndIsEnded) {
  auto endless = on_node("endless", [](node::Init&) {
    ::sleep(600);
    return passed();
  });
  endless.patience = std::chrono::milliseconds(300);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(told(run({endless})), ElementsAre("endless -"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(JobTest, AFailureCountsOnlyIfItIsOneWithMoreTime) {
  auto hasty = on_node("hasty", [](node::Init&) { return failed(); });
  auto wrong = on_node("wrong", [](node::Init&) { return failed(); });
  hasty.again = std::make_shared<const Job>(on_node("hasty", [](node::Init&) { return passed(); }));
  wrong.again = std::make_shared<const Job>(wrong);
  auto mute = wrong;
  mute.again = std::make_shared<const Job>(
      on_node("mute", [](node::Init&) { return Outcome{.verdict = Outcome::Verdict::skipped}; }));
  int told_of = 0;
  const auto outcomes = run_all({hasty, wrong, mute}, 2, [&](const Outcome&) { ++told_of; });
  EXPECT_THAT(told(outcomes), ElementsAre("hasty +", "wrong -", "wrong -"));
  EXPECT_EQ(outcomes.at(2).verdict, Outcome::Verdict::failed) << "a skip is no pass";
  EXPECT_EQ(told_of, 3) << "each is told of once";
}

TEST(JobTest, WhatASignalDoesStaysAsItWas) {
  const auto usual = std::signal(SIGINT, SIG_IGN);
  const auto outcomes = run({on_node("ignores", [](node::Init&) {
    return std::signal(SIGINT, SIG_DFL) == SIG_IGN ? passed() : failed();
  })});
  EXPECT_THAT(told(outcomes), ElementsAre("ignores +"));
  EXPECT_EQ(std::signal(SIGINT, usual), SIG_IGN);
}

TEST(JobTest, ASignalEndsAllNodes) {
  std::vector<Job> jobs;
  for (int i = 0; i < 20; ++i) {
    jobs.push_back(on_node("sleeps", [](node::Init&) {
      ::sleep(600);
      return passed();
    }));
  }
  const auto self = ::getpid();
  std::thread somebody([self] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ::kill(self, SIGINT);
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(run(jobs), testing::IsEmpty());
  somebody.join();
  EXPECT_TRUE(was_interrupted());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace conformance
