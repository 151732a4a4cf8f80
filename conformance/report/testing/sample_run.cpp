#include "conformance/report/testing/sample_run.h"

#include <chrono>
#include <utility>
#include <vector>

namespace conformance::testing {
namespace {

using std::chrono::milliseconds;
using Verdict = Outcome::Verdict;

constexpr int first_worker = 102;
constexpr int last_worker = 115;

std::string kamailio(int pid) { return "kamailio[" + std::to_string(pid) + "]"; }

void add_start(Timeline& timeline) {
  timeline.push_back({milliseconds(0), "cluster", "start one"});
  timeline.push_back({milliseconds(0), "agent[100]", "starts kamailio[101]: /usr/sbin/kamailio"});
  for (int pid = first_worker; pid <= last_worker; ++pid) {
    timeline.push_back({milliseconds(12), kamailio(first_worker - 1), "forks " + kamailio(pid)});
  }
  timeline.push_back({milliseconds(12), "agent[100]", "exits with 0"});
  timeline.push_back({milliseconds(12), "cluster", "start one: success, exit code 0 after 12 ms"});
}

// A stop that polls at growing intervals, and gives up too early.
Timeline long_stop() {
  Timeline timeline;
  add_start(timeline);
  timeline.push_back({milliseconds(12), "cluster", "stop one, timeout 30s"});
  for (const int at : {12, 62, 162, 362, 762, 1562, 2562, 5562, 9562, 14562, 20562}) {
    for (int pid = first_worker; pid <= last_worker; ++pid) {
      timeline.push_back({milliseconds(at), "agent[116]", "SIGTERM to " + kamailio(pid)});
    }
  }
  timeline.push_back({milliseconds(23012), "agent[116]", "WARNING: the grace period is over"});
  for (int pid = first_worker; pid < last_worker; ++pid) {
    timeline.push_back({milliseconds(23012), "agent[116]", "SIGKILL to " + kamailio(pid)});
    timeline.push_back({milliseconds(23012), kamailio(pid), "ends by SIGKILL"});
  }
  timeline.push_back({milliseconds(23014), "agent[116]", "exits with 0"});
  timeline.push_back({milliseconds(23014), "cluster", "stop one: success after 23002 ms"});
  return timeline;
}

Finding lives_on() {
  return {.rule = "reports stopped only when no process lives",
          .step = "stop one, timeout 30s",
          .expected = "no process of one",
          .seen = "1 processes",
          .consequence =
              "the cluster would start the resource on another node while it still runs here"};
}

std::vector<Requirement> requirements() {
  using Level = Requirement::Level;
  return {{.id = "ocf.stop.stops",
           .source = "OCF Resource Agent API 1.1",
           .section = "stop",
           .level = Level::must,
           .says = "After a stop no part of the resource is active, or the stop fails",
           .untested = ""},
          {.id = "ocf.levels.monitor-0",
           .source = "OCF Resource Agent API 1.1",
           .section = "Check Levels",
           .level = Level::should,
           .says = "monitor at level 0 is the lightest check",
           .untested = ""}};
}

Question orphans() {
  return {.name = "stop-of-orphans/builtin",
          .topic = "Stop",
          .claim = "Workers whose main process is gone are stopped, too",
          .rests_on = {"ocf.stop.stops", "cluster.timeout"},
          .place = "fixtures/scenarios/stop.yaml:71"};
}

Question twice() {
  return {.name = "stop-twice/builtin",
          .topic = "Stop",
          .claim = "A second stop succeeds as well",
          .rests_on = {"ocf.stop.stops"},
          .place = "fixtures/scenarios/stop.yaml:31"};
}

Question lightest() {
  return {.name = "monitor-at-level-0",
          .topic = "Monitor",
          .claim = "The lightest check starts no more than one process",
          .rests_on = {"ocf.levels.monitor-0"},
          .place = "fixtures/scenarios/monitor.yaml:12"};
}

Question frozen() {
  return {.name = "monitor-of-a-frozen-server/sipsak",
          .topic = "Monitor",
          .claim = "A server that is frozen, not dead, is reported",
          .rests_on = {"ocf.stop.stops"},
          .place = "fixtures/scenarios/monitor.yaml:40"};
}

Outcome too_heavy() {
  return {.question = lightest(),
          .rig = "fakes",
          .verdict = Verdict::warned,
          .findings = {{.rule = "the maximum duration",
                        .step = "monitor one",
                        .expected = "100 ms",
                        .seen = "160 ms",
                        .consequence = ""}},
          .timeline = {{milliseconds(0), "cluster", "monitor one"},
                       {milliseconds(160), "cluster", "monitor one: success"}},
          .took = milliseconds(160)};
}

}  // namespace

Run sample_run() {
  Run run{.agent = "ocf:sip:kamailio",
          .command = "ocf-conformance --rig simulated,fakes,live",
          .requirements = requirements()};
  run.outcomes = {{.question = orphans(), .rig = "simulated", .took = milliseconds(23014)},
                  {.question = twice(), .rig = "simulated", .took = milliseconds(40)},
                  {.question = lightest(), .rig = "simulated", .took = milliseconds(12)},
                  {.question = frozen(), .rig = "simulated", .took = milliseconds(12)},
                  {.question = orphans(),
                   .rig = "fakes",
                   .verdict = Verdict::failed,
                   .findings = {lives_on(),
                                {.rule = "the condition at the end",
                                 .step = "",
                                 .expected = "no file /run/kamailio_one/kamailio.pid",
                                 .seen = "it is there",
                                 .consequence = ""}},
                   .timeline = long_stop(),
                   .took = milliseconds(23014)},
                  {.question = twice(), .rig = "fakes", .took = milliseconds(55)},
                  too_heavy(),
                  {.question = twice(), .rig = "live", .took = milliseconds(310)},
                  {.question = frozen(),
                   .rig = "live",
                   .verdict = Verdict::skipped,
                   .reason = "a real server does not freeze on request"}};
  return run;
}

Run run_of_text(const std::string& text) {
  Run run{.agent = text, .command = text};
  run.requirements = {{.id = text, .source = text, .section = text, .says = text, .untested = ""}};
  const Question question{
      .name = text, .topic = text, .claim = text, .rests_on = {text}, .place = text};
  for (const auto verdict : {Verdict::failed, Verdict::skipped, Verdict::warned}) {
    run.outcomes.push_back(
        {.question = question,
         .rig = text + std::to_string(run.outcomes.size()),
         .verdict = verdict,
         .reason = text,
         .findings =
             {{.rule = text, .step = text, .expected = text, .seen = text, .consequence = text}},
         .timeline = {{milliseconds(1), text, text}}});
  }
  return run;
}

std::string hostile_text() {
  return R"(<script>alert(1)</script><img src=x onerror=alert(2)> "double" 'single' ]]> --> )"
         "{{style}} "
         "&amp; # SKIP \\ %s \x1b[31mred\x1b[0m \x01\x7f \r\n\t\xff\xfe \xc3 \xed\xa0\x80 "
         "Grüße, 世界 \xf0\x9f\x98\x80 \xe2\x80\xae\xe2\x80\xac";
}

Run large_run(std::size_t questions) {
  constexpr std::size_t one_fails = 10;
  Run run{
      .agent = "ocf:sip:kamailio", .command = "ocf-conformance", .requirements = requirements()};
  for (const std::string rig : {"simulated", "fakes", "live"}) {
    for (std::size_t i = 0; i < questions; ++i) {
      auto question = orphans();
      question.name = "stop-of-orphans-" + std::to_string(i) + "/builtin";
      question.topic = "Topic " + std::to_string(i * one_fails / questions);
      Outcome outcome{.question = std::move(question), .rig = rig, .took = milliseconds(i)};
      if (rig == "fakes" && i % one_fails == 0) {
        outcome.verdict = Verdict::failed;
        outcome.findings = {lives_on()};
        outcome.timeline = long_stop();
      }
      run.outcomes.push_back(std::move(outcome));
    }
  }
  return run;
}

}  // namespace conformance::testing
