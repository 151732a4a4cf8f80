#include "conformance/report/reports.h"
#include "conformance/report/words.h"

#include <pugixml.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iomanip>
#include <sstream>
#include <string_view>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

struct Suite {
  std::string rig;
  std::string topic;
  std::vector<const Outcome*> outcomes;
};

std::vector<Suite> suites_of(const Run& run) {
  std::vector<Suite> suites;
  for (const auto& outcome : run.outcomes) {
    const auto is_its = [&](const Suite& suite) {
      return suite.rig == outcome.rig && suite.topic == outcome.question.topic;
    };
    auto suite = std::ranges::find_if(suites, is_its);
    if (suite == suites.end()) {
      suite = suites.insert(suites.end(), {.rig = outcome.rig, .topic = outcome.question.topic});
    }
    suite->outcomes.push_back(&outcome);
  }
  return suites;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(plain(value).c_str());
}

void set_time(pugi::xml_node node, host::Duration took) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << std::chrono::duration<double>(took).count();
  set(node, "time", text.str());
}

void set_text(pugi::xml_node node, std::string_view text) {
  node.append_child(pugi::node_pcdata).set_value(plain(text).c_str());
}

// Readers of JUnit files split a class name at its dots.
std::string class_part(std::string text) {
  std::ranges::replace(text, '.', '_');
  return text.empty() ? "none" : text;
}

std::string message_of(const Outcome& outcome) {
  if (outcome.findings.empty()) {
    return outcome.reason;
  }
  const auto& finding = outcome.findings.front();
  return where(finding) + ": " + finding.rule + ": expected " + finding.expected + ", seen " +
         finding.seen;
}

std::string body_of(const Run& run, const Outcome& outcome) {
  std::ostringstream text;
  text << outcome.question.claim << '\n';
  if (!outcome.question.place.empty()) {
    text << outcome.question.place << '\n';
  }
  for (const auto& id : outcome.question.rests_on) {
    text << "rests on " << requirement_line(run, id) << '\n';
  }
  if (!outcome.reason.empty()) {
    text << outcome.reason << '\n';
  }
  for (const auto& finding : outcome.findings) {
    text << '\n'
         << where(finding) << ": " << finding.rule << "\n  expected: " << finding.expected
         << "\n  seen:     " << finding.seen << '\n';
    if (!finding.consequence.empty()) {
      text << "  then:     " << finding.consequence << '\n';
    }
  }
  if (!outcome.timeline.empty()) {
    text << '\n';
  }
  for (const auto& [at, who, what] : outcome.timeline) {
    text << std::setw(12) << seconds(at) << "  " << who << "  " << what << '\n';
  }
  return text.str();
}

void write_case(pugi::xml_node suite, const Run& run, const Outcome& outcome) {
  auto node = suite.append_child("testcase");
  set(node, "classname", class_part(outcome.rig) + "." + class_part(outcome.question.topic));
  set(node, "name", outcome.question.name);
  set_time(node, outcome.took);
  switch (outcome.verdict) {
    case Verdict::passed:
      break;
    case Verdict::failed: {
      auto failure = node.append_child("failure");
      set(failure, "message", message_of(outcome));
      set(failure, "type",
          outcome.findings.empty() ? std::string("failed") : outcome.findings.front().rule);
      set_text(failure, body_of(run, outcome));
      break;
    }
    case Verdict::warned:
      set_text(node.append_child("system-out"), "warned\n" + body_of(run, outcome));
      break;
    case Verdict::broken: {
      auto error = node.append_child("error");
      set(error, "message", message_of(outcome));
      set(error, "type", std::string("not run"));
      set_text(error, body_of(run, outcome));
      break;
    }
    case Verdict::skipped:
      set(node.append_child("skipped"), "message", outcome.reason);
      break;
  }
}

void write_sum(pugi::xml_node node, const Sum& sum, host::Duration took) {
  set(node, "tests",
      std::to_string(sum.passed + sum.failed + sum.warned + sum.broken + sum.skipped));
  set(node, "failures", std::to_string(sum.failed));
  set(node, "errors", std::to_string(sum.broken));
  set_time(node, took);
}

void write_property(pugi::xml_node properties, const char* name, std::string_view value) {
  auto property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

void write_suite(pugi::xml_node root, const Run& run, const Suite& suite) {
  Sum sum;
  host::Duration took{};
  for (const auto* const outcome : suite.outcomes) {
    sum.add(outcome->verdict);
    took += outcome->took;
  }
  auto node = root.append_child("testsuite");
  set(node, "name", suite.topic + " [" + suite.rig + "]");
  write_sum(node, sum, took);
  set(node, "skipped", std::to_string(sum.skipped));
  auto properties = node.append_child("properties");
  write_property(properties, "agent", run.agent);
  write_property(properties, "command", run.command);
  write_property(properties, "rig", suite.rig);
  for (const auto* const outcome : suite.outcomes) {
    write_case(node, run, *outcome);
  }
}

}  // namespace

std::string junit_text(const Run& run) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  auto root = document.append_child("testsuites");
  set(root, "name", "ocf-conformance");
  host::Duration took{};
  for (const auto& outcome : run.outcomes) {
    took += outcome.took;
  }
  write_sum(root, sum_of(run), took);
  for (const auto& suite : suites_of(run)) {
    write_suite(root, run, suite);
  }
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

}  // namespace conformance
