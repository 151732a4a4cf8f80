#include "agent/sip/response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace sip {
namespace {

using ::testing::HasSubstr;

// RFC 4475; fixtures/rfc4475/README.md says what is to be made of each.
std::string torture(const std::string& name) {
  std::ifstream file(std::string(FIXTURES) + "/rfc4475/" + name + ".dat", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

std::string response(const std::string& status_line, const std::string& further = "") {
  return status_line +
         "\r\nVia: SIP/2.0/UDP 192.0.2.9:40000;branch=z9hG4bK1;rport=40000\r\n"
         "CSeq: 1 OPTIONS\r\n" +
         further + "\r\n";
}

TEST(ResponseTest, HasWhatATransactionLooksAt) {
  EXPECT_EQ(parse_response(response("SIP/2.0 200 Kamailio is alive")),
            (Response{.status = 200,
                      .reason = "Kamailio is alive",
                      .branch = "z9hG4bK1",
                      .via_count = 1,
                      .cseq = 1,
                      .cseq_method = "OPTIONS"}));
}

TEST(ResponseTest, ItsVersionIsNotCaseSensitive) {
  EXPECT_TRUE(parse_response(response("sIp/2.0 200 OK")));
}

TEST(ResponseTest, ItsReasonMayBeMissing) {
  EXPECT_EQ(parse_response(response("SIP/2.0 200 "))->reason, "");
  EXPECT_EQ(parse_response(response("SIP/2.0 200"))->reason, "");
}

TEST(ResponseTest, IsNothingElse) {
  for (const auto* line :
       {"", "OPTIONS sip:a@b SIP/2.0", "HTTP/1.1 200 OK", "SIP/2.0", "SIP/2.0 ", "SIP/2.0 20",
        "SIP/2.0 2000 OK", "SIP/2.0 099 OK", "SIP/2.0 700 OK", "SIP/2.0 -20 OK", "SIP/2.0 2x0 OK",
        "SIP/3.0 200 OK", "SIP/2.0\t200 OK", "SIP/2.0  200 OK", " SIP/2.0 200 OK"}) {
    EXPECT_FALSE(parse_response(response(line))) << line;
  }
}

TEST(ResponseTest, NeedsViaAndCSeq) {
  EXPECT_THAT(parse_response("SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\n\r\n").error().text,
              HasSubstr("Via"));
  EXPECT_THAT(parse_response("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n\r\n").error().text,
              HasSubstr("CSeq"));
}

TEST(ResponseTest, NeedsAValidCSeq) {
  for (const auto* value : {"", "1", "OPTIONS", "-1 OPTIONS", "1 OPTIONS x", "2147483648 OPTIONS",
                            "1x OPTIONS", "99999999999999999999 OPTIONS"}) {
    EXPECT_FALSE(parse_response(
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\nCSeq: " + std::string(value) + "\r\n\r\n"))
        << value;
  }
  const auto largest = parse_response(
      "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a\r\ncseq:\r\n 002147483647 \t OPTIONS\r\n\r\n");
  ASSERT_TRUE(largest);
  EXPECT_EQ(largest->cseq, 2147483647U);
}

TEST(ResponseTest, CountsTheValuesOfVia) {
  const auto count = [](const std::string& vias) {
    return parse_response("SIP/2.0 200 OK\r\n" + vias + "CSeq: 1 OPTIONS\r\n\r\n")->via_count;
  };
  EXPECT_EQ(count("Via: SIP/2.0/UDP a;branch=1\r\n"), 1U);
  EXPECT_EQ(count("Via: SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b;branch=2\r\n"), 2U);
  EXPECT_EQ(count("Via: SIP/2.0/UDP a;branch=1\r\nv: SIP/2.0/UDP b,SIP/2.0/UDP c\r\n"), 3U);
  EXPECT_EQ(count("Via: SIP/2.0/UDP a;x=\"1,2\" (com,ment)\r\n"), 1U);
}

TEST(ResponseTest, TakesTheBranchOfTheTopmostVia) {
  const auto branch = [](const std::string& via) {
    return parse_response("SIP/2.0 200 OK\r\nVia: " + via + "\r\nCSeq: 1 OPTIONS\r\n\r\n")->branch;
  };
  EXPECT_EQ(branch("SIP/2.0/UDP a;branch=first, SIP/2.0/UDP b;branch=second"), "first");
  EXPECT_EQ(branch("SIP/2.0/UDP a;rport;BRANCH = z9hG4bKx ; received=192.0.2.1"), "z9hG4bKx");
  EXPECT_EQ(branch("SIP / 2.0\r\n / UDP\r\n  a ;\r\n branch\r\n =\r\n z9hG4bKx"), "z9hG4bKx");
  EXPECT_EQ(branch("SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKx"), "z9hG4bKx");
  EXPECT_EQ(branch("SIP/2.0/UDP a;x=\";branch=no\";branch=yes"), "yes");
  EXPECT_EQ(branch("SIP/2.0/UDP a;rport"), "");
}

TEST(ResponseTest, ABodyMayBeLongerThanAnnouncedAndNotShorter) {
  EXPECT_TRUE(parse_response(response("SIP/2.0 200 OK", "Content-Length: 3\r\n") + "body"));
  EXPECT_TRUE(parse_response(response("SIP/2.0 200 OK", "l: 4\r\n") + "body"));
  EXPECT_THAT(
      parse_response(response("SIP/2.0 200 OK", "Content-Length: 5\r\n") + "body").error().text,
      HasSubstr("shorter"));
}

TEST(ResponseTest, NeedsANumberForTheLengthOfTheBody) {
  for (const auto* length : {"", "-1", "x", "1 2", "99999999999999999999999999"}) {
    EXPECT_FALSE(parse_response(
        response("SIP/2.0 200 OK", "Content-Length: " + std::string(length) + "\r\n")))
        << length;
  }
}

TEST(ResponseTest, OfRfc4475WithAnUnusualReasonIsValid) {
  const auto unreason = parse_response(torture("unreason"));
  ASSERT_TRUE(unreason) << unreason.error().text;
  EXPECT_EQ(unreason->status, 200);
  EXPECT_EQ(
      unreason->reason,
      "= 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e \u0434\u0435\u0432\u044f\u043d\u043e\u0441"
      "\u0442\u043e \u0434\u0435\u0432\u044f\u0442\u044c - \u043f\u0440\u043e\u0441\u0442\u043e"
      "\u0435");
  EXPECT_EQ(unreason->branch, "z9hG4bK1324923");
  EXPECT_EQ(unreason->cseq_method, "INVITE");
}

TEST(ResponseTest, OfRfc4475WithAnEmptyReasonIsValid) {
  const auto noreason = parse_response(torture("noreason"));
  ASSERT_TRUE(noreason) << noreason.error().text;
  EXPECT_EQ(noreason->status, 100);
  EXPECT_EQ(noreason->reason, "");
}

TEST(ResponseTest, OfRfc4475WithNumbersThatAreTooLargeIsNone) {
  EXPECT_THAT(parse_response(torture("scalarlg")).error().text, HasSubstr("CSeq"));
  EXPECT_THAT(parse_response(torture("bigcode")).error().text, HasSubstr("status line"));
}

TEST(ResponseTest, OfRfc4475WithABroadcastViaHasTwoOfThem) {
  EXPECT_EQ(parse_response(torture("bcast"))->via_count, 2U);
}

TEST(ContentLengthTest, IsZeroIfThereIsNoneOrNoNumber) {
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nContent-Length: 12\r\n\r\n"), 12U);
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nL:12\r\n\r\n"), 12U);
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nVia: a\r\n\r\n"), 0U);
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n"), 0U);
  EXPECT_EQ(content_length(""), 0U);
}

}  // namespace
}  // namespace sip
