#include "agent/kamailio/complaints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace kamailio {
namespace {

using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

constexpr std::string_view conffile = "/etc/kamailio/kamailio.cfg";

std::string cause_of(std::string_view words) { return cause_in(words, conffile).text; }

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Configurations that the real Kamailio rejected; see fixtures/refusals/README.md.
std::vector<std::string> refusals() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FIXTURES "/refusals")) {
    if (entry.path().extension() == ".cfg") {
      names.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(names);
  return names;
}

class Refusal : public ::testing::TestWithParam<std::string> {};

TEST_P(Refusal, IsExplainedByItsCauseInAHundredCharacters) {
  const std::string path = FIXTURES "/refusals/" + GetParam();
  const auto config = content_of(path + ".cfg");
  constexpr std::string_view mark = "# cause: ";
  ASSERT_TRUE(config.starts_with(mark));
  const auto cause = config.substr(mark.size(), config.find('\n') - mark.size());
  ASSERT_THAT(cause, SizeIs(::testing::AllOf(::testing::Ge(10), Le(100))));
  EXPECT_EQ(cause_of(content_of(path + ".log")), cause);
}

INSTANTIATE_TEST_SUITE_P(OfARealKamailio, Refusal, ::testing::ValuesIn(refusals()),
                         [](const auto& refusal) {
                           auto name = refusal.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(Cause, IsAMessageOfLevelErrorOrWorse) {
  for (const std::string level : {"ERROR", "CRITICAL", "ALERT", "EMERG", "BUG"}) {
    EXPECT_EQ(cause_of(" 0(1) " + level + ": x\n"), "x");
    EXPECT_EQ(cause_of(level + ": x\n"), "x");
  }
}

TEST(Cause, IsNoMessageBelowLevelError) {
  EXPECT_THAT(cause_of(" 0(1) WARNING: x\n 0(1) NOTICE: y\n 0(1) INFO: z\n 0(1) DEBUG: BUG: a\n"),
              IsEmpty());
}

TEST(Cause, IsTheFirstComplaint) {
  EXPECT_EQ(cause_of("INFO: -\nERROR: 1\nERROR: 2\nCRITICAL: 3\n"), "1");
}

TEST(Cause, IsNoConsequence) {
  EXPECT_EQ(cause_of(" 0(1) ERROR: <core> [tm.c:1]: load_tm(): Module not initialized yet\n"
                     " 0(1) ERROR: sl [sl.c:9]: mod_init(): no memory\n"),
            "sl: no memory");
  EXPECT_THAT(cause_of("CRITICAL: <core> [main.c:1708]: main_loop(): Cannot fork\n"
                       "ALERT: <core> [main.c:770]: handle_sigs(): child process 15 exited\n"),
              IsEmpty());
}

// jsonrpcs looks for xhttp, but works without it.
TEST(Cause, IsNoMissingOptionalModule) {
  const std::string missing =
      " 0(1) ERROR: jsonrpcs [../xhttp/api.h:48]: xhttp_load_api(): cannot find bind_xhttp\n";
  EXPECT_THAT(cause_of(missing), IsEmpty());
  EXPECT_EQ(cause_of(missing + " 0(1) ERROR: sl [sl.c:9]: mod_init(): no memory\n"),
            "sl: no memory");
  EXPECT_EQ(cause_of(missing + " 0(1) ERROR: jsonrpcs [j.c:9]: mod_init(): cannot go on\n"),
            "jsonrpcs: cannot find bind_xhttp");
}

TEST(Cause, HasNoLogPrefix) {
  EXPECT_EQ(cause_of(" 0(1) ERROR: {1 1 INVITE abc} sl [sl.c:9]: mod_init(): no memory\n"),
            "sl: no memory");
}

// A library or a script may write to standard error, too.
TEST(Cause, IsALineWithALevelRatherThanOneWithout) {
  EXPECT_EQ(cause_of("Traceback (most recent call last):\nERROR: x\n"), "x");
  const auto unmarked = cause_in("Traceback (most recent call last):\n", conffile);
  EXPECT_EQ(unmarked.text, "Traceback (most recent call last):");
  EXPECT_EQ(unmarked.kind, Cause::Kind::unmarked);
}

// With Debian's mpath Kamailio prints this on standard error, and the cause only to syslog.
TEST(Cause, IsNoProgressMessage) {
  EXPECT_THAT(cause_of("loading modules under config path: /usr/lib/kamailio/modules/\n"),
              IsEmpty());
}

// After an error the parser does not reach the #!endif.
TEST(Cause, IsTheErrorInsideADirective) {
  EXPECT_EQ(cause_of(" 0(1) CRITICAL: <core> [core/cfg.y:1]: yyerror_at(): parse error in config "
                     "file /etc/kamailio/kamailio.cfg, line 415, column 3: syntax error\n"
                     " 0(1) ERROR: <core> [core/ppcfg.c:275]: pp_ifdef_level_error(): different "
                     "number of preprocessor directives: 1 more #!if[n]def as #!endif\n"),
            "syntax error (line 415), and 1 more #!if[n]def as #!endif");
}

TEST_P(Refusal, MayBeCutOffAnywhere) {
  const auto words = content_of(FIXTURES "/refusals/" + GetParam() + ".log");
  const auto end = std::min<std::size_t>(words.size(), 1500);
  for (std::size_t length = 0; length < end; ++length) {
    EXPECT_NO_THROW((void)cause_of(words.substr(0, length)));
    EXPECT_NO_THROW((void)complaints_in(words.substr(length, 200), conffile));
  }
}

// Modules can bind, too, and do not have to print the address as the core does.
TEST(Cause, MayBeAnUnknownMessage) {
  for (const std::string words :
       {"bind(3) on x: Cannot assign requested address", "bind(3) on x",
        "bind(: Cannot assign requested address", "a [b: bind(]: Address already in use",
        "tls [t.c:1]: tls_err_ret(): (sni: x)::", "parse error in config file x, line",
        "parse error in config file x, from line 1 to line", "(): ", " [", "]: ", ":"}) {
    EXPECT_NO_THROW((void)cause_of(" 0(1) ERROR: " + words + "\n")) << words;
    EXPECT_NO_THROW((void)complaints_in(" 0(1) ERROR: rtp [r.c:1]: f(): " + words, conffile))
        << words;
  }
}

TEST(Cause, MayBeInAnIncludedFile) {
  EXPECT_EQ(cause_of(" 0(1) CRITICAL: <core> [core/cfg.y:4]: yyerror_at(): parse error in config "
                     "file /etc/kamailio/tls.cfg, line 4, column 1-9: syntax error\n"),
            "syntax error (/etc/kamailio/tls.cfg, line 4)");
}

TEST(Cause, IsAnAddressThatTheNodeDoesNotHave) {
  const std::string tcp =
      " 0(1) ERROR: <core> [core/tcp_main.c:1]: tcp_init(): bind(8, 0x7f, 16) on ";
  const std::string missing = " : Cannot assign requested address\n";
  const auto v4 = cause_in(tcp + "192.0.2.7:5060" + missing, conffile);
  EXPECT_EQ(v4.kind, Cause::Kind::address_missing);
  EXPECT_EQ(v4.transport, Transport::tcp);
  EXPECT_EQ(v4.address, "192.0.2.7");
  EXPECT_EQ(v4.port, 5060);
  EXPECT_EQ(cause_in(tcp + "[2001:DB8:0:0:0:0:0:7]:5060" + missing, conffile).address,
            "2001:DB8:0:0:0:0:0:7");
}

TEST(Cause, IsAPortInUse) {
  const auto cause = cause_in(
      " 0(1) ERROR: <core> [core/udp_server.c:4]: udp_init(): bind(4, 0x7f, 16) on 192.0.2.7: "
      "Address already in use\n",
      conffile);
  EXPECT_EQ(cause.kind, Cause::Kind::port_in_use);
  EXPECT_EQ(cause.transport, Transport::udp);
  EXPECT_EQ(cause.address, "192.0.2.7");
  EXPECT_EQ(cause.port, std::nullopt);
}

TEST(Cause, MayBeTheCommandLine) {
  EXPECT_EQ(cause_in("Unknown option '-Z'\n", conffile).kind, Cause::Kind::command_line);
  EXPECT_EQ(cause_in("ERROR: x\n", conffile).kind, Cause::Kind::other);
  EXPECT_EQ(cause_in("", conffile).kind, Cause::Kind::none);
}

TEST(Cause, IsEmptyForASilentLog) { EXPECT_THAT(cause_of(""), IsEmpty()); }

TEST(Evidence, IsTheFirstFiveComplaints) {
  EXPECT_EQ(complaints_in("ERROR: 1\nINFO: -\nERROR: 2\nERROR: 3\nERROR: 4\nERROR: 5\nERROR: 6\n",
                          conffile),
            "1; 2; 3; 4; 5");
}

}  // namespace
}  // namespace kamailio
