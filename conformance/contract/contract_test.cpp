// Each check passes on an agent that follows the contract, and fails on one that does not.

#include "conformance/contract/contract.h"

#include "conformance/contract/testing/play.h"
#include "conformance/requirements/requirement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace contract {
namespace {

using conformance::Requirement;
using testing::play;
using testing::Widget;
using Verdict = conformance::Outcome::Verdict;

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const auto& check : all_checks()) {
    ids.push_back(check.id);
  }
  return ids;
}

std::string test_name(std::string id) {
  std::ranges::replace_if(
      id, [](char letter) { return letter == '.' || letter == '-'; }, '_');
  return id.substr(id.find('_') + 1);
}

bool wants_root(const std::string& id) {
  return id.starts_with("contract.privileges.") || id == "contract.meta-data.ordinary-user" ||
         id == "contract.stop.ipc";
}

class Contract : public ::testing::TestWithParam<std::string> {};

TEST_P(Contract, IsKeptByARightAgent) {
  if (wants_root(GetParam()) && ::geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  const auto whole = play(GetParam(), {});
  const auto plain = play(GetParam(), {.defect = "plain"});
  for (const auto& played : {whole, plain}) {
    EXPECT_TRUE(played.verdict == Verdict::passed || played.verdict == Verdict::skipped)
        << played.text;
  }
  EXPECT_TRUE(whole.verdict == Verdict::passed || plain.verdict == Verdict::passed)
      << whole.text << plain.text;
}

INSTANTIATE_TEST_SUITE_P(Contract, Contract, ::testing::ValuesIn(all_ids()),
                         [](const auto& tested) { return test_name(tested.param); });

struct Breach {
  std::string id;
  Widget widget;
  std::string finding = {};  // a part of the finding
};

const std::vector<Breach>& breaches() {
  static const std::vector<Breach> all = {
      {"contract.meta-data.well-formed", {"meta-data-prints-more"}},
      {"contract.meta-data.schema", {"against-schema"}, "remark"},
      {"contract.meta-data.lang", {"no-language"}, "some english"},
      {"contract.meta-data.name", {"another-name"}, "gadget"},
      {"contract.meta-data.version", {"wrong-version"}, "\"one\""},
      {"contract.meta-data.mandatory-actions", {"no-meta-data-advertised"}, "no meta-data"},
      {"contract.meta-data.entries-differ", {"twice-the-same"}, "monitor again"},
      {"contract.meta-data.durations", {"wrong-duration"}, "a while"},
      {"contract.meta-data.depths", {"wrong-depth"}, "depth=\"15\""},
      {"contract.meta-data.roles", {"wrong-role"}, "Master"},
      {"contract.meta-data.reload-agent-version", {"old-version"}, "1.0"},
      {"contract.meta-data.reloadable", {"no-reload-agent"}, "size is reloadable"},
      {"contract.meta-data.replaced-with", {"wrong-replacement"}, "nothing"},
      {"contract.meta-data.parameter-names", {"wrong-parameter-name"}, "a=b"},
      {"contract.meta-data.defaults", {"wrong-default"}, "small"},
      {"contract.meta-data.succeeds", {"meta-data-fails"}, "generic error"},
      {"contract.meta-data.without-parameters", {"meta-data-needs-parameters"}},
      {"contract.meta-data.bare-environment", {"meta-data-needs-instance"}},
      {"contract.meta-data.ordinary-user", {"meta-data-for-root"}, "not for you"},
      {"contract.meta-data.quickly", {.defect = "meta-data-slow", .rate = 200}, "less than 20 s"},
      {"contract.meta-data.static", {"changing-meta-data"}, "the same text"},
      {"contract.meta-data.leaves-nothing", {"meta-data-process"}, "sleep 100"},
      {"contract.meta-data.format", {"meta-data-as-text"}, "a widget"},
      {"contract.meta-data.implemented", {"unimplemented-advertised"}, "polish"},
      {"contract.meta-data.complete", {"plain-hidden-notify"}, "notify"},
      {"contract.meta-data.timeouts", {"short-timeout"}, "within 1 ms"},
      {"contract.call.executable", {.file_name = "gadget"}, "gadget"},
      {"contract.call.unknown-action", {"unknown-is-generic"}},
      {"contract.call.unknown-action-does-nothing", {"unknown-stops"}, "sleep"},
      {"contract.call.no-action", {"nothing-is-fine"}},
      {"contract.call.further-arguments", {"refuses-arguments"}, "too many"},
      {"contract.call.other-callers", {"needs-meta-timeout"}, "no timeout"},
      {"contract.call.later-version", {"any-version"}},
      {"contract.call.later-minor-version", {"needs-minor-1"}, "another version"},
      {"contract.call.clone-instance", {"knows-no-clones"}, "a wrong name"},
      {"contract.start.succeeds", {"start-in-vain"}},
      {"contract.start.complete", {"start-returns-early"}},
      {"contract.start.twice", {"second-start-fails"}, "it runs already"},
      {"contract.start.twice-changes-nothing", {"start-restarts"}, "sleep"},
      {"contract.start.after-stop", {"start-only-once"}, "it ran here before"},
      {"contract.start.required-parameter", {"start-without-directory"}},
      {"contract.start.wrong-parameter", {"start-believes"}},
      {"contract.start.missing-program", {"missing-is-generic"}, "no program"},
      {"contract.stop.succeeds", {"stop-does-nothing"}},
      {"contract.stop.stopped", {"stop-returns-7"}, "not running (7)"},
      {"contract.stop.twice", {"stop-of-stopped-fails"}, "it does not run"},
      {"contract.stop.processes", {"stop-leaves-process"}, "sleep 100"},
      {"contract.stop.files", {"stop-leaves-file"}, "one.log"},
      {"contract.stop.ipc", {"leaves-memory"}, "shared memory"},
      {"contract.stop.frozen", {"stop-believes-term"}, "sleep"},
      {"contract.stop.frozen-by-force", {"stop-gives-up"}, "it does not end"},
      {"contract.stop.died", {"died-cannot-stop"}, "it has died"},
      {"contract.monitor.before-start", {"monitor-always-0"}},
      {"contract.monitor.before-start", {"monitor-odd-code"}, "an exit code of OCF 1.1"},
      {"contract.monitor.before-start", {.defect = "monitor-hangs", .rate = 200}, "it was killed"},
      {"contract.monitor.probe", {"probe-says-0"}},
      {"contract.monitor.probe-changes-nothing", {"probe-file"}, "is new"},
      {"contract.monitor.probe-finds", {"probe-says-7"}},
      {"contract.monitor.available", {"monitor-interrupts"}, "sleep"},
      {"contract.monitor.leaves-nothing", {"monitor-process"}, "sleep 100"},
      {"contract.monitor.died", {"pid-file-is-enough"}},
      {"contract.monitor.side-by-side", {"busy-monitor"}, "another monitor"},
      {"contract.levels.advertised", {"level-10-fails"}, "check level 10"},
      {"contract.levels.advertised-stopped", {"level-10-of-stopped"}, "check level 10"},
      {"contract.levels.lower", {"no-other-levels"}, "check level 5"},
      {"contract.levels.stopped", {"level-20-of-stopped"}, "check level 20"},
      {"contract.levels.validate-all", {"refuses-level-20"}, "no level 20"},
      {"contract.levels.validate-all-0", {"looks-at-level-0"}, "no directory"},
      {"contract.validate-all.right", {"refuses-all"}},
      {"contract.validate-all.pcs", {"refuses-test"}, "by pcs"},
      {"contract.validate-all.crmsh", {"validate-needs-instance"}, "by crmsh"},
      {"contract.validate-all.silent", {"loud-validation"}, "all is well"},
      {"contract.validate-all.changes-nothing", {"validate-file"}, "is new"},
      {"contract.validate-all.starts-nothing", {"validate-starts"}},
      {"contract.validate-all.integer", {"accepts-texts"}, "size=twelve"},
      {"contract.validate-all.boolean", {"accepts-any-boolean"}, "strict=perhaps"},
      {"contract.validate-all.select", {"accepts-any-colour"}, "colour="},
      {"contract.validate-all.required", {"accepts-missing"}, "directory"},
      {"contract.validate-all.wrong-everywhere", {"wrong-class"}, "invalid"},
      {"contract.validate-all.reason", {"no-reasons"}, "ocf-exit-reason"},
      {"contract.roles.both-actions", {"promote-alone"}, "no demote"},
      {"contract.roles.start", {"starts-promoted"}},
      {"contract.roles.restart", {"remembers-promotion"}},
      {"contract.roles.promote", {"promote-fails"}},
      {"contract.roles.promote-twice", {"second-promote-fails"}},
      {"contract.roles.promote-stopped", {"promotes-nothing"}},
      {"contract.roles.promote-again", {"promote-once"}, "only once"},
      {"contract.roles.kept", {"monitor-demotes"}},
      {"contract.roles.demote", {"demote-fails"}},
      {"contract.roles.demote-twice", {"demote-needs-promoted"}, "not promoted"},
      {"contract.roles.demote-unpromoted", {"demote-needs-promoted"}, "not promoted"},
      {"contract.roles.stop-promoted", {"stop-of-promoted-fails"}},
      {"contract.roles.start-promoted", {"promoted-start-fails"}},
      {"contract.roles.none", {"plain-says-8"}},
      {"contract.notify.succeeds", {"notify-fails"}},
      {"contract.reload.available", {"reload-stops"}},
      {"contract.reload-agent.unchanged", {"reload-agent-restarts"}, "sleep"},
      {"contract.reload-agent.changed", {"reload-agent-refuses"}},
      {"contract.recover.active", {"recover-stops"}},
      {"contract.migrate.stop-on-source", {"stuck-after-migration"}, "it is away"},
      {"contract.privileges.start", {"nobody-starts"}},
      {"contract.privileges.stop", {"nobody-stops"}},
      {"contract.privileges.monitor", {"nobody-sees-nothing"}},
      {"contract.privileges.code", {"nobody-gets-1"}, "cannot write"},
      {"contract.parallel.other-is-stopped", {"shared-state"}},
      {"contract.parallel.both-run", {"second-kills-first"}},
      {"contract.parallel.stop-one", {"stop-one-stops-all"}},
      {"contract.parallel.untouched", {"stop-one-stops-all"}, "sleep"},
      {"contract.parallel.starts", {"starts-collide"}, "locked"},
      {"contract.parallel.stop-during-monitor", {"busy-stop"}, "a monitor is at work"},
      {"contract.killed.start", {"unknown-until-late"}, "sleep"},
      {"contract.killed.start-monitor", {"unknown-until-late"}, "sleep"},
      {"contract.killed.stop", {"stop-forgets-first"}, "sleep"},
      {"contract.killed.monitor", {"busy-monitor"}, "another monitor"},
      {"contract.killed.monitor-alone", {"busy-monitor"}, "another monitor"},
      {"contract.killed.monitor-leaves-nothing", {"monitor-escapes"}, "sleep 1"},
      {"contract.killed.probe", {"busy-monitor"}, "another monitor"},
      {"contract.killed.promote", {"promotes-late"}, "locked"},
  };
  return all;
}

class ContractBroken : public ::testing::TestWithParam<Breach> {};

TEST_P(ContractBroken, IsFound) {
  const auto& [id, widget, finding] = GetParam();
  if (wants_root(id) && ::geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  const auto played = play(id, widget);
  const auto check = std::ranges::find(all_checks(), id, &Check::id);
  EXPECT_EQ(played.verdict,
            check->level == Requirement::Level::must ? Verdict::failed : Verdict::warned)
      << played.text;
  EXPECT_THAT(played.text, ::testing::HasSubstr(finding));
}

INSTANTIATE_TEST_SUITE_P(Contract, ContractBroken, ::testing::ValuesIn(breaches()),
                         [](const auto& tested) {
                           return test_name(tested.param.id + "_by_" + tested.param.widget.defect);
                         });

TEST(Checks, HaveIdsOfTheirOwnAndAClaim) {
  std::set<std::string> ids;
  for (const auto& check : all_checks()) {
    EXPECT_TRUE(check.id.starts_with("contract.")) << check.id;
    EXPECT_TRUE(ids.insert(check.id).second) << check.id;
    EXPECT_FALSE(check.claim.empty()) << check.id;
  }
}

TEST(Checks, AreAllProvenToFindSomething) {
  for (const auto& id : all_ids()) {
    EXPECT_TRUE(std::ranges::any_of(breaches(), [&](const auto& breach) {
      return breach.id == id;
    })) << id;
  }
}

// The level of a check is that of its first requirement.
TEST(Checks, RestOnRequirements) {
  std::map<std::string, Requirement::Level> levels;
  for (const std::string name : {"ocf-1.1", "cluster"}) {
    const auto path = REQUIREMENTS "/" + name + ".yaml";
    std::ifstream file(path);
    const auto requirements = conformance::read_requirements(
        path, {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    ASSERT_TRUE(requirements) << requirements.error().message();
    for (const auto& requirement : *requirements) {
      levels[requirement.id] = requirement.level;
    }
  }
  for (const auto& check : all_checks()) {
    ASSERT_FALSE(check.rests_on.empty()) << check.id;
    for (const auto& id : check.rests_on) {
      EXPECT_TRUE(levels.contains(id)) << check.id << " rests on " << id;
    }
    EXPECT_EQ(check.level, levels[check.rests_on.front()]) << check.id;
  }
}

TEST(Checks, BlameAKillForNothingThatAnyStopLeaves) {
  for (const auto* const id :
       {"contract.killed.start", "contract.killed.start-monitor", "contract.killed.stop"}) {
    const auto played = play(id, {.defect = "stop-leaves-process"});
    EXPECT_EQ(played.verdict, Verdict::skipped) << id << played.text;
  }
}

TEST(Checks, SkipIfTheDerivedSecondResourceFails) {
  for (const std::string defect : {"refuses-second", "shared-state"}) {
    const auto played =
        play("contract.parallel.other-is-stopped", {.defect = defect, .second_is_made_up = true});
    EXPECT_EQ(played.verdict, Verdict::skipped) << played.text;
    EXPECT_THAT(played.text, ::testing::HasSubstr("set its parameters with --second"));
  }
}

TEST(Checks, AskNothingOfWrongParametersWhereRightOnesAreRefused) {
  for (const std::string type :
       {"integer", "boolean", "select", "required", "wrong-everywhere", "reason"}) {
    const auto played = play("contract.validate-all." + type, {.defect = "refuses-all"});
    EXPECT_EQ(played.verdict, Verdict::skipped) << type << played.text;
  }
}

TEST(Checks, BlameWhatIsUnusualForNothingThatIsAsUsual) {
  for (const std::string unusual :
       {"further-arguments", "other-callers", "later-minor-version", "clone-instance"}) {
    const auto played = play("contract.call." + unusual, {.defect = "start-in-vain"});
    EXPECT_EQ(played.verdict, Verdict::skipped) << played.text;
  }
}

TEST(Checks, AskNothingMoreOfMetaDataThatAreNoXml) {
  const auto played =
      play("contract.meta-data.mandatory-actions", {.defect = "meta-data-prints-more"});
  EXPECT_EQ(played.verdict, Verdict::skipped) << played.text;
}

TEST(Checks, BelongToTopics) {
  EXPECT_EQ(topic_of({.id = "contract.stop.twice"}), "Stop");
  EXPECT_EQ(topic_of({.id = "contract.meta-data.lang"}), "Meta-data");
}

}  // namespace
}  // namespace contract
