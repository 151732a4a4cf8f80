#include "agent/ocf/log_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>

namespace ocf {
namespace {

using host::Level;
using ::testing::EndsWith;
using ::testing::SizeIs;

LogSettings settings_of(const host::Environment& environment) {
  return log_settings(environment, "kamailio", "p_kam", 4711, Terminal::absent);
}

TEST(LogMessages, AreTaggedWithAgentInstanceAndPid) {
  EXPECT_EQ(settings_of({}).tag, "kamailio(p_kam)[4711]");
}

TEST(LogMessages, StayOnOneLineWhateverTheInstanceIsCalled) {
  EXPECT_EQ(log_settings({}, "kamailio", "p\nroot: \x9B", 1, Terminal::absent).tag,
            "kamailio(p; root: ?)[1]");
}

TEST(LogMessages, GoNowhereWithoutSettings) {
  const auto settings = settings_of({});
  EXPECT_EQ(settings.facility, std::nullopt);
  EXPECT_EQ(settings.log_file, "");
  EXPECT_EQ(settings.debug_file, "");
  EXPECT_FALSE(settings.debug);
  EXPECT_FALSE(settings.on_terminal);
}

TEST(LogMessages, GoToTheFacilityOfTheCluster) {
  EXPECT_EQ(settings_of({{"HA_LOGFACILITY", "daemon"}}).facility, 3 * 8);
  EXPECT_EQ(settings_of({{"HA_LOGFACILITY", "local0"}}).facility, 16 * 8);
  EXPECT_EQ(settings_of({{"HA_LOGFACILITY", "local7"}}).facility, 23 * 8);
  EXPECT_EQ(settings_of({{"HA_LOGFACILITY", "kern"}}).facility, 0);
  EXPECT_EQ(settings_of({{"PCMK_logfacility", "user"}}).facility, 1 * 8);
}

TEST(LogMessages, GoToNoSyslogForAnUnknownFacility) {
  for (const std::string facility : {"none", "local8", "", "DAEMONS"}) {
    EXPECT_EQ(settings_of({{"HA_LOGFACILITY", facility}}).facility, std::nullopt) << facility;
  }
}

TEST(LogMessages, GoToTheFilesOfTheCluster) {
  const auto settings =
      settings_of({{"HA_LOGFILE", "/var/log/ha.log"}, {"HA_DEBUGLOG", "/var/log/ha-debug.log"}});
  EXPECT_EQ(settings.log_file, "/var/log/ha.log");
  EXPECT_EQ(settings.debug_file, "/var/log/ha-debug.log");
}

TEST(LogMessages, GoToTheFilesOfPacemakersVariables) {
  const auto settings = settings_of(
      {{"PCMK_logfile", "/var/log/pacemaker.log"}, {"PCMK_debuglog", "/var/log/debug.log"}});
  EXPECT_EQ(settings.log_file, "/var/log/pacemaker.log");
  EXPECT_EQ(settings.debug_file, "/var/log/debug.log");
}

TEST(LogMessages, GoByTheOlderVariableIfBothAreSet) {
  const auto settings = settings_of({{"HA_LOGFILE", "/old"}, {"PCMK_logfile", "/new"}});
  EXPECT_EQ(settings.log_file, "/old");
}

TEST(LogMessages, GoByPacemakersVariableIfTheOlderOneIsEmpty) {
  const auto settings = settings_of({{"HA_LOGFILE", ""}, {"PCMK_logfile", "/new"}});
  EXPECT_EQ(settings.log_file, "/new");
}

TEST(LogMessages, GoToNoDebugFileNamedDevNull) {
  EXPECT_EQ(settings_of({{"HA_DEBUGLOG", "/dev/null"}}).debug_file, "");
}

TEST(DebugMessages, AreEnabledOnlyByTheCluster) {
  for (const std::string value : {"1", "yes", "on", "true", "2", "pacemaker-execd"}) {
    EXPECT_TRUE(settings_of({{"HA_debug", value}}).debug) << value;
    EXPECT_TRUE(settings_of({{"PCMK_debug", value}}).debug) << value;
  }
  for (const std::string value : {"0", "no", "off", "false", ""}) {
    EXPECT_FALSE(settings_of({{"HA_debug", value}}).debug) << value;
    EXPECT_FALSE(settings_of({{"PCMK_debug", value}}).debug) << value;
  }
}

TEST(LogMessages, GoToTheTerminal) {
  EXPECT_TRUE(log_settings({}, "kamailio", "default", 1, Terminal::present).on_terminal);
}

TEST(TheExitReason, HasThePrefixOfOcf) {
  EXPECT_EQ(settings_of({}).exit_reason_prefix, "ocf-exit-reason:");
  EXPECT_EQ(settings_of({{"OCF_EXIT_REASON_PREFIX", ""}}).exit_reason_prefix, "ocf-exit-reason:");
}

TEST(TheExitReason, HasThePrefixThatTheClusterAsksFor) {
  EXPECT_EQ(settings_of({{"OCF_EXIT_REASON_PREFIX", "why:"}}).exit_reason_prefix, "why:");
}

TEST(ALevel, HasTheNameThatShellAgentsWrite) {
  EXPECT_EQ(level_name(Level::critical), "CRIT");
  EXPECT_EQ(level_name(Level::error), "ERROR");
  EXPECT_EQ(level_name(Level::warning), "WARNING");
  EXPECT_EQ(level_name(Level::info), "INFO");
  EXPECT_EQ(level_name(Level::debug), "DEBUG");
}

TEST(ALevel, HasASeverityOfRfc3164) {
  EXPECT_EQ(syslog_severity(Level::critical), 2);
  EXPECT_EQ(syslog_severity(Level::error), 3);
  EXPECT_EQ(syslog_severity(Level::warning), 4);
  EXPECT_EQ(syslog_severity(Level::info), 6);
  EXPECT_EQ(syslog_severity(Level::debug), 7);
}

TEST(OneLine, LeavesAPlainTextAlone) { EXPECT_EQ(one_line("all is well"), "all is well"); }

TEST(OneLine, JoinsLinesWithSemicolons) {
  EXPECT_EQ(one_line("one\ntwo"), "one; two");
  EXPECT_EQ(one_line("one\r\ntwo\n\n\nthree"), "one; two; three");
}

TEST(OneLine, DropsLineEndsAtBothEnds) {
  EXPECT_EQ(one_line("\n\none\n"), "one");
  EXPECT_EQ(one_line("\r\n"), "");
}

TEST(OneLine, MakesControlCharactersBlanks) {
  EXPECT_EQ(one_line("a\tb\x1B[1mc\x7F"), "a b [1mc ");
}

// U+009B begins a terminal's control sequence as ESC [ does.
TEST(OneLine, MakesC1ControlsBlanks) {
  EXPECT_EQ(one_line("a\xC2\x80z\xC2\x9B"
                     "1m\xC2\x9F."),
            "a z 1m .");
  EXPECT_EQ(one_line("\xC2\xA0"), "\xC2\xA0");
}

TEST(OneLine, MarksEachByteThatIsNoUtf8) {
  EXPECT_EQ(one_line("\x9B"
                     "1m\x80"),
            "?1m?");
  EXPECT_EQ(one_line("Gr\xF6\xDF"
                     "e"),
            "Gr??e")
      << "ISO 8859-1";
  EXPECT_EQ(one_line("\xC0\x9B"), "??") << "overlong";
  EXPECT_EQ(one_line("\xED\xA0\x80"), "???") << "a surrogate";
  EXPECT_EQ(one_line("cut \xE2\x82"), "cut ??");
  EXPECT_EQ(one_line("cut \xE2\n\x82"), "cut ?; ?");
}

TEST(OneLine, MarksWhatXmlCannotContain) {
  EXPECT_EQ(one_line("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"), "??\xEF\xBF\xBD");
}

TEST(OneLine, KeepsUtf8) { EXPECT_EQ(one_line("Größe ≥ 1"), "Größe ≥ 1"); }

TEST(OneLine, KeepsAThousandBytes) {
  const std::string text(1000, 'x');
  EXPECT_EQ(one_line(text), text);
}

TEST(OneLine, CutsWhatIsLonger) {
  std::string cut(1000, 'x');
  cut.replace(997, 3, "...");
  EXPECT_EQ(one_line(std::string(1001, 'x')), cut);
}

TEST(OneLine, NeverCutsInsideACharacter) {
  const std::string euro = "\xE2\x82\xAC";
  for (std::size_t before = 0; before < euro.size(); ++before) {
    std::string text(before, 'x');
    while (text.size() < 1100) {
      text += euro;
    }
    const auto line = one_line(text);
    EXPECT_LE(line.size(), 1000U);
    EXPECT_THAT(line, EndsWith(euro + "..."));
    EXPECT_EQ((line.size() - before) % euro.size(), 0U) << "whole characters and three dots";
  }
}

TEST(OneLine, StaysAThousandBytesWhenItJoins) {
  std::string text;
  for (int line = 0; line < 400; ++line) {
    text += "xy\n";
  }
  EXPECT_THAT(one_line(text), SizeIs(1000));
}

}  // namespace
}  // namespace ocf
