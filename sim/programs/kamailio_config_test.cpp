#include "sim/programs/kamailio_config.h"

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
  return read_kamailio_config({.path = "/etc/kamailio/kamailio.cfg",
                               .text = text,
                               .defines = std::move(defines),
                               .read = read});
}

// `kamailio -c` of 5.6.3 accepts each of these with two children: the line with children is read
// regardless of what precedes it.
class LineBehind : public ::testing::TestWithParam<const char*> {};

TEST_P(LineBehind, IsRead) {
  EXPECT_EQ(parse(std::string(GetParam()) + "\nchildren=2\n").children, 2);
}

INSTANTIATE_TEST_SUITE_P(
    Of, LineBehind,
    ::testing::Values(
        "#!ifdef A\n not (( a { configuration ' at \" all\n#!else\nrequest_route { exit; "
        "}\n#!endif",
        "!!define A 1\n!!ifdef A\nrequest_route { exit; }\n!!else\nnonsense {{\n!!endif",
        "   #!ifndef A\nrequest_route { exit; }\n   #!else\nnonsense {{\n#!endif",
        "##!ifdef A\nrequest_route { exit; }",
        "#!define A\n#!ifdef A # it is\nrequest_route { exit; }\n#!else\nnonsense {{\n#!endif",
        "request_route {\n#!ifdef A\n nonsense ((\n#!else\n exit;\n#!endif\n}",
        "loadmodule \"sl.so\"\n#!ifdef MOD_sl\nrequest_route { exit; }\n#!else\nnonsense "
        "{{\n#!endif",
        "#!ifdef MOD_tm\nnonsense {{\n#!endif\nrequest_route { exit; }",
        "#!ifndef KAMAILIO_5_6\nnonsense {{\n#!endif\nrequest_route { exit; }",
        "import_file \"missing.cfg\"\n#!import_file \"missing.cfg\"\nrequest_route { exit; }",
        "/* a /* nested */ comment */ // another { \nrequest_route { exit; } # and another {",
        "request_route { sl_send_reply('200', 'it is \" well {'); }",
        "request_route { sl_send_reply(\"200\", \"it \\\" is {\"\n  \" well\"); }",
        "request_route { $var(i) = 0; while ($var(i) < 3) { $var(i) = $var(i) + 1; } }",
        "request_route { switch ($rU) { case \"a\": exit; case -1: drop; default: exit; } }",
        "flags A, B:3;\nrequest_route { setflag(A); force_rport(); }",
        "request_route { if (!!is_method(\"INVITE\")) { exit; } }", "user=\"\"",
        "debug=3 port=5070 request_route {exit;}"));

// They may contain text that looks like a setting.
TEST(Setting, StandsOutsideOfBlocksAndTexts) {
  for (const std::string text :
       {"request_route { children = 5; }", "a.children = 5 desc \"children=5\"\n",
        "modparam(\"sl\", \"default_reason\", \"children=5\" \"b\")\n", "# children=5\n",
        "/* children=5 */", "#!ifdef NEVER\nchildren=5\n#!endif\n"}) {
    EXPECT_EQ(parse("children=2\n" + text).children, 2) << text;
  }
  EXPECT_EQ(parse("debug=3 children=4 request_route {exit;}").children, 4);
}

TEST(Setting, MayBeEmpty) {
  const auto config = parse("#!define NOTHING\nuser=\"\"\nlisten=NOTHING\nchildren=2\n");
  EXPECT_EQ(config.user, "");
  EXPECT_EQ(config.children, 2);
}

TEST(Define, OfItselfHasAnEnd) {
  EXPECT_EQ(parse("#!define A A A A\nuser=A\n").user, "A A A");
  std::string tower = "#!define A0 1234567890\n";
  for (int i = 1; i < 40; ++i) {
    const auto below = "A" + std::to_string(i - 1);
    tower += "#!define A" + std::to_string(i) + " " + below + " " + below + "\n";
  }
  EXPECT_LT(parse(tower + "user=A39\n").user.size(), 100'000U);
}

TEST(Number, MayBeDefined) {
  EXPECT_EQ(parse("#!define N 3 # three\nchildren=N\n").children, 3);
  EXPECT_EQ(parse("#!define LONG 1\\\n2\nchildren=LONG\n").children, 12);
  EXPECT_EQ(parse("#!trydef N 3\n#!redefine N 4\n#!trydef N 5\nchildren=N\n").children, 4);
}

TEST(Number, IsTheUsualOneWhereNoneStands) { EXPECT_EQ(parse("children=many\n").children, 8); }

TEST(Config, IsReadThoughItsEndIsMissing) {
  EXPECT_EQ(parse("children=2\nrequest_route { exit; /* never closed").children, 2);
  EXPECT_EQ(parse("children=2\n#!ifdef A\nchildren=3").children, 2);
  EXPECT_EQ(parse("children=2\n#!endif\n\"never closed").children, 2);
  EXPECT_EQ(parse("children=2\n}\ntcp_children=3 'x").tcp_children, 3);
}

TEST(IncludedFile, IsFoundBesideTheConfigurationAndKnowsItsDefines) {
  EXPECT_THAT(parse("#!define HERE 127.0.0.1\ninclude_file \"listens.cfg\"\n").listeners,
              ElementsAre("udp:127.0.0.1:5070"));
  EXPECT_THAT(parse("#!define HERE [::1]\n#!include_file \"listens.cfg\"  \n").listeners,
              ElementsAre("udp:[::1]:5070"));
}

TEST(IncludedFile, ThatIncludesItselfHasAnEnd) {
  const auto read = [](const std::string& path) {
    return std::optional<std::string>("include_file \"" + path + "\"\nchildren=3\n");
  };
  EXPECT_EQ(read_kamailio_config({.path = "/k.cfg", .text = "include_file \"a.cfg\"", .read = read})
                .children,
            3);
}

TEST(Listen, IsAnAddressWithoutWhatStandsBehindIt) {
  EXPECT_THAT(parse("listen=udp:127.0.0.1:5060 advertise 192.168.159.128:5060 # public\n"
                    "listen = tcp : [::1] : 5070 name \"v6\" listen=lo\n")
                  .listeners,
              ElementsAre("udp:127.0.0.1:5060", "tcp:[::1]:5070", "lo"));
}

TEST(Listen, MayBeDefined) {
  EXPECT_THAT(parse("#!substdef \"!HERE!127.0.0.1!g\"\n#!define PORT 5070\nlisten=udp:HERE:PORT\n"
                    "#!define ALL \"udp:HERE:5080\"\nlisten=ALL\n")
                  .listeners,
              ElementsAre("udp:127.0.0.1:5070", "udp:127.0.0.1:5080"));
}

TEST(CommandLine, DefinesNames) {
  const auto* const text = "#!ifdef WITH_MORE\nchildren=MORE\n#!else\nchildren=1\n#!endif\n";
  EXPECT_EQ(parse(text).children, 1);
  EXPECT_EQ(parse(text, {"WITH_MORE", "MORE=7"}).children, 7);
}

TEST(Account, IsQuotedOrNot) {
  const auto config = parse("user=\"kamailio\"\ngid=kamailio\n");
  EXPECT_EQ(config.user, "kamailio");
  EXPECT_EQ(config.group, "kamailio");
}

TEST(Rpc, HasItsUsualPlacesIfNoneAreNamed) {
  const auto config = parse("loadmodule \"jsonrpcs.so\"\nloadmodule(\"modules/ctl\")\n");
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
      "modparam(\"jsonrpcs|nowhere\", \"transport\", 2)\n");
  EXPECT_EQ(config.rpc_fifo, "/run/kamailio/one.fifo");
  EXPECT_THAT(config.rpc_datagrams, IsEmpty());
}

TEST(Rpc, IsAskedAtAFileThoughANetworkAddressIsNamedToo) {
  const auto config = parse(
      "loadmodule \"ctl.so\"\nmodparam(\"ctl\", \"binrpc\", \"unix:/run/one_ctl\")\n"
      "modparam(\"ctl\", \"binrpc\", \"tcp:localhost:2046\")\n");
  EXPECT_EQ(config.rpc_stream, "/run/one_ctl");
}

}  // namespace
}  // namespace sim
