#include "sim/actors/kamailio_route_run.h"

#include "sim/actors/kamailio_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

// What Kamailio 5.6.3 answered to OPTIONS at udp:127.0.0.1:5060 with these routes.

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* monitor = "sip:monitor@127.0.0.1:5060";
constexpr const char* nobody = "sip:nobody@127.0.0.1";
constexpr const char* without_user = "sip:127.0.0.1";

std::vector<std::string> answers(const std::string& config, const std::string& uri = monitor) {
  const auto parsed = parse_kamailio_config(
      {.path = "", .text = "loadmodule \"sl.so\"\nloadmodule \"siputils.so\"\n" + config});
  EXPECT_THAT(parsed.complaints, IsEmpty()) << config;
  const auto request = RouteRequest::parse("OPTIONS " + uri +
                                           " SIP/2.0\r\n"
                                           "Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1\r\n"
                                           "To: <" +
                                           uri + ">\r\nUser-Agent: ua\r\n\r\n");
  const auto is_own = [](std::string_view host, int port) {
    return host == "127.0.0.1" && port == 5060;
  };
  std::vector<std::string> found;
  for (const auto& reply : run_kamailio_routes(parsed.routes, request, is_own)) {
    found.push_back(std::to_string(reply.code) + " " + reply.reason);
  }
  return found;
}

// Whether the condition is taken for true.
bool holds(const std::string& condition, const std::string& uri = monitor) {
  const auto found = answers("request_route { if (" + condition +
                                 ") { sl_send_reply(\"200\", \"yes\"); exit; }\n"
                                 "  sl_send_reply(\"404\", \"no\"); exit; }",
                             uri);
  EXPECT_EQ(found.size(), 1U) << condition;
  return !found.empty() && found.front() == "200 yes";
}

TEST(Condition, AsksForTheTransport) {
  EXPECT_TRUE(holds("proto == UDP"));
  EXPECT_TRUE(holds("proto != TCP"));
  EXPECT_FALSE(holds("proto == TCP"));
  EXPECT_FALSE(holds("proto == TLS"));
}

TEST(Condition, AsksForTheMethod) {
  for (const auto* const condition :
       {R"(is_method("OPTIONS"))", R"(is_method("options"))", R"(is_method("OPTIONS|INFO"))",
        R"(method == "OPTIONS")", R"(method == "options")", R"(method =~ "OPT")",
        R"($rm == "OPTIONS")"}) {
    EXPECT_TRUE(holds(condition)) << condition;
  }
  for (const auto* const condition :
       {R"(is_method("INVITE|INFO"))", R"(!is_method("OPTIONS"))", R"($rm == "options")"}) {
    EXPECT_FALSE(holds(condition)) << condition;
  }
}

TEST(Condition, AsksForTheUri) {
  for (const auto* const condition :
       {R"($ru =~ "monitor")", R"($ru =~ "SIP:MONITOR@.*")", R"($ru =~ "sip:\w+r@")",
        R"($ru =~ '^sip:monitor@127\.0\.0\.1:5060$')", R"($rU == "monitor")", R"($rU eq "monitor")",
        R"("monitor" == $rU)", R"($rd == "127.0.0.1")", R"(uri =~ "sip:monitor@.*")",
        R"(uri == "sip:MONITOR@127.0.0.1:5060")",
        R"($ru =~ "sip:(monitor|probe)@[0-9.]+(:[0-9]+)?$")"}) {
    EXPECT_TRUE(holds(condition)) << condition;
    EXPECT_FALSE(holds(condition, "sip:nobody@192.168.159.128")) << condition;
  }
  EXPECT_FALSE(holds(R"($ru =~ "^monitor")"));
  EXPECT_FALSE(holds(R"($ru == "sip:MONITOR@127.0.0.1:5060")"));
}

TEST(Condition, AsksForTheUserWhoMayBeMissing) {
  EXPECT_TRUE(holds("$rU == $null", without_user));
  EXPECT_FALSE(holds("$rU == $null"));
  EXPECT_TRUE(holds("$rU != $null"));
  EXPECT_TRUE(holds(R"($rU != "x")", without_user));
  EXPECT_TRUE(holds(R"($rU =~ "x*")", without_user));
  EXPECT_FALSE(holds("$rU"));
  EXPECT_TRUE(holds("$rU", "sip:1@127.0.0.1"));
}

TEST(Condition, AsksForItsOwnAddressWithItsPort) {
  for (const auto* const condition : {"uri == myself", "myself == uri"}) {
    EXPECT_TRUE(holds(condition)) << condition;
    EXPECT_TRUE(holds(condition, without_user)) << condition;
    EXPECT_FALSE(holds(condition, "sip:monitor@127.0.0.1:5070")) << condition;
    EXPECT_FALSE(holds(condition, "sip:monitor@other")) << condition;
  }
  EXPECT_TRUE(holds("uri != myself", "sip:a@b"));
}

TEST(Condition, JoinsOthers) {
  EXPECT_FALSE(holds(R"(is_method("OPTIONS") && $ru =~ "sip:nobody@.*")"));
  EXPECT_TRUE(holds(R"(is_method("OPTIONS") && $ru =~ "sip:nobody@.*")", nobody));
  EXPECT_TRUE(holds(R"(not is_method("INVITE") and $rU == "monitor")"));
  EXPECT_TRUE(holds(R"(!($rU == "nobody"))"));
  EXPECT_TRUE(holds(R"(is_method("OPTIONS") && ($rU == "a" || $rU == "monitor"))"));
  EXPECT_FALSE(holds(R"(is_method("INVITE") || is_method("OPTIONS") && $rU == "nobody")"));
  EXPECT_TRUE(holds(R"(is_method("OPTIONS") || is_method("INVITE") && $rU == "nobody")"));
  EXPECT_TRUE(holds(R"(has_totag() || $rc == -1)"));
}

TEST(Condition, DoesNotHoldIfItCannotBeTold) {
  EXPECT_FALSE(holds(R"(who_knows("x"))"));
  EXPECT_FALSE(holds(R"(!who_knows("x"))"));
  EXPECT_FALSE(holds(R"(is_method("OPTIONS") && !who_knows("x"))"));
  EXPECT_TRUE(holds(R"(is_method("OPTIONS") || who_knows("x"))"));
  EXPECT_FALSE(holds(R"($avp(x) == "a")"));
}

TEST(Answer, IsWhatStandsInTheBlockThatIsTaken) {
  const auto* const config =
      "request_route { if ($rU == \"monitor\") { sl_send_reply(\"200\", \"A\"); }\n"
      "  else if ($rU == \"nobody\") sl_send_reply(\"201\", \"B\");\n"
      "  else { sl_send_reply(\"202\", \"C\"); } }";
  EXPECT_THAT(answers(config), ElementsAre("200 A"));
  EXPECT_THAT(answers(config, nobody), ElementsAre("201 B"));
  EXPECT_THAT(answers(config, without_user), ElementsAre("202 C"));
}

TEST(Answer, IsSilenceWithoutAReply) {
  EXPECT_THAT(answers("request_route { exit; }"), IsEmpty());
  EXPECT_THAT(answers("route[A] { sl_send_reply(\"200\", \"A\"); }"), IsEmpty());
  EXPECT_THAT(answers("request_route { options_reply(); exit; }"), IsEmpty());
  EXPECT_THAT(answers("request_route { if ($rU==\"monitor\") { break; } send_reply(404, \"B\"); }"),
              IsEmpty());
}

TEST(Answer, ComesFromSeveralFunctions) {
  EXPECT_THAT(answers("request_route { options_reply(); exit; }", without_user),
              ElementsAre("200 OK"));
  EXPECT_THAT(answers("request_route { sl_reply_error(); }"),
              ElementsAre("500 I'm terribly sorry, server error occurred (1/SL)"));
  EXPECT_THAT(answers("request_route { sl_send_reply(200, \"A\"); send_reply(\"404\", \"B\"); }"),
              ElementsAre("200 A", "404 B"));
}

TEST(Answer, IsTheFirstOneOfATransaction) {
  EXPECT_THAT(answers("request_route { t_newtran(); t_reply(200, \"A\"); t_reply(404, \"B\"); }"),
              ElementsAre("200 A"));
}

TEST(Route, GoesBackToItsCallerUnlessItExits) {
  EXPECT_THAT(answers("request_route { route(A); send_reply(\"404\", \"B\"); }\n"
                      "route[A] { if ($rU == \"monitor\") return; send_reply(\"200\", \"A\"); }"),
              ElementsAre("404 B"));
  for (const auto* const end : {"exit", "drop", "return 0"}) {
    EXPECT_THAT(answers(std::string("request_route { route(\"A\"); send_reply(\"404\", \"B\"); }\n"
                                    "route[\"A\"] { send_reply(\"200\", \"A\"); ") +
                        end + "; }"),
                ElementsAre("200 A"))
        << end;
  }
}

TEST(Route, IsAConditionToo) {
  const auto* const config =
      "request_route { if (route(A)) { send_reply(\"200\", \"A\"); } else send_reply(\"404\", "
      "\"B\"); }\n"
      "route[A] { if ($rU == \"monitor\") return 1; return -1; }";
  EXPECT_THAT(answers(config), ElementsAre("200 A"));
  EXPECT_THAT(answers(config, nobody), ElementsAre("404 B"));
}

TEST(Route, MayCallItselfWithoutEnd) {
  EXPECT_THAT(answers("request_route { route(A); send_reply(\"404\", \"B\"); }\n"
                      "route[A] { route(A); route(A); }"),
              IsEmpty());
}

TEST(Switch, GoesOnFromTheCaseToABreak) {
  EXPECT_THAT(answers("request_route { $var(x) = -1; switch ($var(x)) {\n"
                      "  case 1: send_reply(\"201\", \"A\");\n"
                      "  case -1: case 2: send_reply(\"200\", \"B\"); break;\n"
                      "  default: send_reply(\"202\", \"C\"); }\n"
                      "  send_reply(\"203\", \"D\"); }"),
              ElementsAre("200 B", "203 D"));
}

TEST(Assignment, ChangesTheRequest) {
  EXPECT_THAT(
      answers("request_route { $ru = \"sip:a@b\"; if ($rU == \"a\") send_reply(200, \"A\"); }"),
      ElementsAre("200 A"));
}

}  // namespace
}  // namespace sim
