#include "conformance/report/junit.h"

#include "conformance/report/plain.h"
#include "conformance/report/testing/sample_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <string>

namespace conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

pugi::xml_document parsed(const Run& run) {
  pugi::xml_document document;
  const auto result = document.load_string(junit_text(run).c_str(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  EXPECT_TRUE(result) << result.description();
  return document;
}

std::string value(const pugi::xml_document& document, const char* xpath) {
  return document.select_node(xpath).attribute().value();
}

TEST(JunitTest, HasASuiteForEachTopicOnEachRig) {
  const auto document = parsed(testing::sample_run());
  EXPECT_EQ(document.select_nodes("/testsuites/testsuite").size(), 6U);
  EXPECT_EQ(document.select_nodes("//testsuite[@name='Stop [fakes]']/testcase").size(), 2U);
  EXPECT_EQ(value(document, "//testsuite[@name='Stop [fakes]']//property[@name='agent']/@value"),
            "ocf:sip:kamailio");
}

TEST(JunitTest, CountsWhatItHolds) {
  const auto document = parsed(testing::sample_run());
  EXPECT_EQ(value(document, "/testsuites/@tests"), "9");
  EXPECT_EQ(value(document, "/testsuites/@failures"), "1");
  EXPECT_EQ(value(document, "//testsuite[@name='Monitor [live]']/@skipped"), "1");
  EXPECT_EQ(value(document, "//testsuite[@name='Stop [fakes]']/@failures"), "1");
  EXPECT_EQ(value(document, "//testsuite[@name='Stop [fakes]']/@time"), "23.069");
}

TEST(JunitTest, WhatCouldNotBeAskedIsAnErrorAndNoFailure) {
  conformance::Run run;
  run.outcomes = {{.question = {.name = "q", .topic = "T"},
                   .rig = "live",
                   .verdict = Outcome::Verdict::broken,
                   .findings = {{.rule = "rule", .expected = "e", .seen = "no room"}}}};
  const auto document = parsed(run);
  EXPECT_EQ(value(document, "/testsuites/@tests"), "1");
  EXPECT_EQ(value(document, "/testsuites/@failures"), "0");
  EXPECT_EQ(value(document, "/testsuites/@errors"), "1");
  EXPECT_THAT(value(document, "//testcase/error/@message"), HasSubstr("no room"));
}

TEST(JunitTest, TellsAllOfAFailure) {
  const auto document = parsed(testing::sample_run());
  const auto failure = document.select_node("//testcase[failure]").node();
  EXPECT_STREQ(failure.attribute("classname").value(), "fakes.Stop");
  EXPECT_STREQ(failure.attribute("name").value(), "stop-of-orphans/builtin");
  EXPECT_STREQ(failure.attribute("time").value(), "23.014");
  EXPECT_STREQ(failure.child("failure").attribute("message").value(),
               "stop one, timeout 30s: nothing is called stopped that lives: expected no process "
               "of one, seen 1 processes");
  EXPECT_THAT(failure.child("failure").text().get(),
              AllOf(HasSubstr("fixtures/scenarios/stop.yaml:71\n"),
                    HasSubstr("rests on ocf.stop.stops (OCF Resource Agent API 1.1, stop, MUST)"),
                    HasSubstr("then:     the cluster would start the resource elsewhere"),
                    HasSubstr("23.012 s  kamailio[102]  ends by SIGKILL")));
}

TEST(JunitTest, LetsWarningsPassWithWhatWasFound) {
  const auto document = parsed(testing::sample_run());
  const auto warned = document.select_node("//testcase[system-out]").node();
  EXPECT_FALSE(warned.child("failure"));
  EXPECT_THAT(warned.child("system-out").text().get(), HasSubstr("seen:     160 ms"));
}

TEST(JunitTest, SaysWhySomethingWasSkipped) {
  EXPECT_EQ(value(parsed(testing::sample_run()), "//testcase/skipped/@message"),
            "a real server cannot be told to freeze");
}

TEST(JunitTest, GivesHostileTextBackAsItIs) {
  const auto text = testing::hostile_text();
  const auto document = parsed(testing::run_of_text(text));
  const auto failed = document.select_node("//testcase[failure]").node();
  EXPECT_EQ(failed.attribute("name").value(), plain(text));
  EXPECT_THAT(failed.child("failure").text().get(), HasSubstr("expected: " + plain(text)));
}

TEST(JunitTest, HoldsARunOfNothing) {
  EXPECT_EQ(value(parsed(conformance::Run{}), "/testsuites/@tests"), "0");
}

}  // namespace
}  // namespace conformance
