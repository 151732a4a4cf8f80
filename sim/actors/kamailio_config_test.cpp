#include "sim/actors/kamailio_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

KamailioConfig parse(const std::string& text, std::vector<std::string> defines = {}) {
  const auto read = [](const std::string& path) -> std::optional<std::string> {
    return path == "/etc/kamailio/listens.cfg"
               ? std::optional<std::string>("listen=udp:HERE:5070\n")
               : std::nullopt;
  };
  return parse_kamailio_config({.path = "/etc/kamailio/kamailio.cfg",
                                .text = text,
                                .defines = std::move(defines),
                                .read = read});
}

std::string places(const KamailioConfig& config) {
  std::string text;
  for (const auto& complaint : config.complaints) {
    text += complaint.file + "(" + complaint.place + ": " + complaint.text + ")";
  }
  return text;
}

// Each of these was given to `kamailio -c` of 5.6.3, which took it.
class GoodConfig : public testing::TestWithParam<const char*> {};

TEST_P(GoodConfig, IsUnderstood) {
  const auto config = parse(std::string("loadmodule \"sl.so\"\nloadmodule \"pv.so\"\n"
                                        "loadmodule \"textops.so\"\n") +
                            GetParam() + "\n");
  EXPECT_EQ(places(config), "");
  EXPECT_EQ(config.open_conditions, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Of, GoodConfig,
    testing::Values(
        "#!ifdef A\n not (( a { configuration ' at \" all\n#!else\nrequest_route { exit; "
        "}\n#!endif",
        "!!define A 1\n!!ifdef A\nrequest_route { exit; }\n!!else\nnonsense {{\n!!endif",
        "   #!ifndef A\nrequest_route { exit; }\n   #!else\nnonsense {{\n#!endif",
        "##!ifdef A\nrequest_route { exit; }",
        "request_route {\n#!ifdef A\n nonsense ((\n#!else\n exit;\n#!endif\n}",
        "#!ifdef MOD_sl\nrequest_route { exit; }\n#!else\nnonsense {{\n#!endif",
        "#!ifdef MOD_tm\nnonsense {{\n#!endif\nrequest_route { exit; }",
        "#!ifndef KAMAILIO_5_6\nnonsense {{\n#!endif\nrequest_route { exit; }",
        "#!define N 3 # three\nchildren=N\nrequest_route { exit; }",
        "#!define LONG 1\\\n2\nchildren=LONG\nrequest_route { exit; }",
        "#!trydef N 3\n#!redefine N 4\nchildren=N\nrequest_route { exit; }",
        "import_file \"missing.cfg\"\n#!import_file \"missing.cfg\"\nrequest_route { exit; }",
        "/* a /* nested */ comment */ // another\nrequest_route { exit; } # and another",
        "request_route { exit; }\n/* never closed",
        "request_route { sl_send_reply('200', 'it is \" well'); }",
        "request_route { sl_send_reply(\"200\", \"it \\\" is\"\n  \" well\"); }",
        "request_route { ; if (method==\"A\") { exit; }; ; };",
        "request_route { if method==\"A\" { exit; } }",
        "request_route { if (method==\"A\") exit; else if (uri==myself) { exit; } else drop; }",
        "request_route { if (1) return -1; else return(1); exit(); drop; break; }",
        "request_route { $var(i) = 0; while ($var(i) < 3) { $var(i) = $var(i) + 1; } }",
        "request_route { switch ($rU) { case \"a\": exit; case -1: drop; default: exit; } }",
        "request_route { $var(a) = \"x\" + $rU; $du = $null; $var(c) = $(ru{uri.host}); exit; }",
        "a.b = \"1\" desc \"x\"\nrequest_route { if (@cfg_get.a.b == \"1\") exit; }",
        "flags A, B:3;\nrequest_route { setflag(A); force_rport(); }",
        "modparam(\"sl\", \"default_code\", -1)\nmodparam(\"sl\", \"default_reason\", \"a\" \"b\")",
        "modparam(\"sl|nowhere\", \"default_code\", 400)",
        "request_route { exit; }\nevent_route[tm:local-request] { exit; }\nonreply_route { exit; "
        "}\n"
        "branch_route[\"B\"] { exit; }",
        "debug=3 children=4 request_route { exit; }"));

// Each of these was given to `kamailio -c` of 5.6.3, which refused it at this place.
TEST(BadConfig, IsRefusedWhereKamailioRefusesIt) {
  EXPECT_EQ(places(parse("request_route { }")), "(line 1, column 17: syntax error)");
  EXPECT_EQ(places(parse("request_route { exit }")), "(line 1, column 22: syntax error)");
  EXPECT_EQ(places(parse("children=many")),
            "(line 1, column 10-13: syntax error)(line 1, column 10-13: number expected)");
}

// Measured: "line 3, column 11-17: syntax error" for a misspelt loadmodule.
TEST(BadConfig, HasATextBehindAWordThatTakesNone) {
  EXPECT_EQ(places(parse("#!KAMAILIO\ndebug=2\nlodmodule \"sl.so\"\n")),
            "(line 3, column 11-17: syntax error)");
}

TEST(BadConfig, LacksAnEndif) {
  EXPECT_EQ(parse("#!ifdef A\n#!endif\n#!ifdef B\ndebug=1\n").open_conditions, 1);
  EXPECT_EQ(parse("debug=1\n#!endif\n").open_conditions, -1);
}

TEST(BadConfig, IncludesWhatIsNotThere) {
  EXPECT_EQ(parse("include_file \"missing.cfg\"\n").missing_include,
            "[core/cfg.lex:1883]: sr_push_yy_state(): cannot open included file: missing.cfg "
            "(/etc/kamailio/missing.cfg)");
}

TEST(IncludedFile, IsFoundBesideTheConfigurationAndKnowsItsDefines) {
  EXPECT_THAT(parse("#!define HERE 127.0.0.1\ninclude_file \"listens.cfg\"\n").listeners,
              ElementsAre("udp:127.0.0.1:5070"));
}

TEST(Include, TellsInWhichFileItsErrorIs) {
  const auto read = [](const std::string& path) {
    return std::optional<std::string>("# of " + path + "\nchildren=x\n");
  };
  const auto config =
      parse_kamailio_config({.path = "/k.cfg", .text = "include_file \"a.cfg\"", .read = read});
  EXPECT_EQ(places(config),
            "/a.cfg(line 2, column 10: syntax error)/a.cfg(line 2, column 10: number expected)");
}

TEST(Listen, IsAnAddressWithoutWhatStandsBehindIt) {
  EXPECT_THAT(parse("listen=udp:127.0.0.1:5060 advertise 192.168.159.128:5060 # public\n"
                    "listen=tcp:[::1]:5070 name \"v6\"\n")
                  .listeners,
              ElementsAre("udp:127.0.0.1:5060", "tcp:[::1]:5070"));
}

TEST(Listen, MayBeDefined) {
  EXPECT_THAT(parse("#!substdef \"!HERE!127.0.0.1!g\"\n#!define PORT 5070\nlisten=udp:HERE:PORT\n")
                  .listeners,
              ElementsAre("udp:127.0.0.1:5070"));
}

TEST(CommandLine, DefinesNames) {
  const auto* const text = "#!ifdef WITH_MORE\nchildren=MORE\n#!else\nchildren=1\n#!endif\n";
  EXPECT_EQ(parse(text).children, 1);
  EXPECT_EQ(parse(text, {"WITH_MORE", "MORE=7"}).children, 7);
}

TEST(Rpc, HasItsUsualPlacesIfNoneAreNamed) {
  const auto config = parse("loadmodule \"jsonrpcs.so\"\nloadmodule \"ctl.so\"\n");
  EXPECT_EQ(config.rpc_fifo, "/run/kamailio/kamailio_rpc.fifo");
  EXPECT_EQ(config.rpc_datagrams, "/run/kamailio/kamailio_rpc.sock");
  EXPECT_EQ(config.rpc_stream, "/run/kamailio/kamailio_ctl");
}

TEST(Rpc, IsNotThereWithoutItsModules) {
  const auto config = parse("debug=1\n");
  EXPECT_EQ(config.rpc_fifo + config.rpc_datagrams + config.rpc_stream, "");
}

TEST(Rpc, MayBeNamedBySubstitution) {
  const auto config = parse(
      "#!subst \"/INSTANCE/one/\"\nloadmodule \"jsonrpcs.so\"\n"
      "modparam(\"jsonrpcs\", \"fifo_name\", \"/run/kamailio/INSTANCE.fifo\")\n"
      "modparam(\"jsonrpcs\", \"transport\", 2)\n");
  EXPECT_EQ(config.rpc_fifo, "/run/kamailio/one.fifo");
  EXPECT_THAT(config.rpc_datagrams, IsEmpty());
}

}  // namespace
}  // namespace sim
