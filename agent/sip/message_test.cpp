#include "agent/sip/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fields_of(std::string_view text, std::string* rest = nullptr) {
  HeaderReader reader(text);
  Fields fields;
  while (const auto field = reader.next()) {
    fields.emplace_back(field->name, field->value);
  }
  if (rest != nullptr) {
    *rest = reader.rest();
  }
  return fields;
}

TEST(HeaderReaderTest, ReadsFieldsUntilTheEmptyLine) {
  std::string rest;
  EXPECT_EQ(fields_of("Via: a\r\nCSeq: 1 OPTIONS\r\n\r\nbody: no", &rest),
            (Fields{{"via", "a"}, {"cseq", "1 OPTIONS"}}));
  EXPECT_EQ(rest, "body: no");
}

TEST(HeaderReaderTest, ReadsFieldsUntilTheEndWithoutAnEmptyLine) {
  EXPECT_EQ(fields_of("Via: a\r\nCSeq: 1"), (Fields{{"via", "a"}, {"cseq", "1"}}));
}

TEST(HeaderReaderTest, TakesABareLineFeedForALineEnd) {
  std::string rest;
  EXPECT_EQ(fields_of("Via: a\nCSeq: 1\n\nbody", &rest), (Fields{{"via", "a"}, {"cseq", "1"}}));
  EXPECT_EQ(rest, "body");
}

TEST(HeaderReaderTest, UnfoldsLines) {
  EXPECT_EQ(fields_of("Via: a\r\n ;b\r\n\t;c\r\nX: y\r\n"),
            (Fields{{"via", "a ;b ;c"}, {"x", "y"}}));
}

TEST(HeaderReaderTest, KnowsNamesInAnyCaseAndCompactForm) {
  EXPECT_EQ(fields_of("vIa  :  a  \r\nv:b\r\nL: 0\r\nCONTENT-length:1\r\n"),
            (Fields{{"via", "a"}, {"via", "b"}, {"content-length", "0"}, {"content-length", "1"}}));
}

TEST(HeaderReaderTest, ReadsAnEmptyValue) {
  EXPECT_EQ(fields_of("Subject:\r\ns :\r\n"), (Fields{{"subject", ""}, {"s", ""}}));
}

TEST(HeaderReaderTest, SkipsALineThatIsNoField) {
  EXPECT_EQ(fields_of("nonsense\r\nVia: a\r\n"), (Fields{{"", ""}, {"via", "a"}}));
}

TEST(TakeUntilTest, PassesOverQuotesAndComments) {
  std::string_view text = R"("a,b\"c,d" (e,(f),g\),) h,rest,more)";
  EXPECT_EQ(take_until(',', text), R"("a,b\"c,d" (e,(f),g\),) h)");
  EXPECT_EQ(take_until(',', text), "rest");
  EXPECT_EQ(take_until(',', text), "more");
  EXPECT_EQ(text, "");
}

TEST(TakeUntilTest, TakesAllOfAnUnclosedQuote) {
  std::string_view text = "\"a,b";
  EXPECT_EQ(take_until(',', text), "\"a,b");
  EXPECT_EQ(text, "");
  text = R"("ends in a backslash\)";
  EXPECT_EQ(take_until(',', text), R"("ends in a backslash\)");
  EXPECT_EQ(text, "");
}

TEST(NumberTest, IsDigitsUpToTheLimit) {
  EXPECT_EQ(number("0", 10), 0U);
  EXPECT_EQ(number("0009", 10), 9U);
  EXPECT_EQ(number("10", 10), 10U);
  for (const auto* text :
       {"", "11", "-1", "+1", " 1", "1 ", "1a", "0x1", "99999999999999999999999"}) {
    EXPECT_EQ(number(text, 10), std::nullopt) << text;
  }
}

// RFC 4475; fixtures/rfc4475/README.md states the expected result for each.
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

TEST(ResponseTest, HasThePartsThatATransactionUses) {
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

TEST(ResponseTest, RejectsOtherMessages) {
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

TEST(ResponseTest, AcceptsALongerBodyThanAnnouncedAndRejectsAShorterOne) {
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

TEST(ResponseTest, OfRfc4475WithNumbersThatAreTooLargeIsRejected) {
  EXPECT_THAT(parse_response(torture("scalarlg")).error().text, HasSubstr("CSeq"));
  EXPECT_THAT(parse_response(torture("bigcode")).error().text, HasSubstr("status line"));
}

TEST(ResponseTest, OfRfc4475WithABroadcastViaHasTwoOfThem) {
  EXPECT_EQ(parse_response(torture("bcast"))->via_count, 2U);
}

TEST(ContentLengthTest, IsZeroIfMissingOrNotANumber) {
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nContent-Length: 12\r\n\r\n"), 12U);
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nL:12\r\n\r\n"), 12U);
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nVia: a\r\n\r\n"), 0U);
  EXPECT_EQ(content_length("SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n"), 0U);
  EXPECT_EQ(content_length(""), 0U);
}

const std::string short_one = "SIP/2.0 100 Trying\r\nContent-Length: 0\r\n\r\n";
const std::string long_one = "SIP/2.0 200 OK\r\nl: 8\r\n\r\nab\r\n\r\ncd";

// The messages that are complete.
std::vector<std::string> take_all(MessageStream& stream) {
  std::vector<std::string> messages;
  for (auto next = stream.next(); next && *next; next = stream.next()) {
    messages.push_back(**next);
  }
  return messages;
}

std::vector<std::string> messages_in(const std::string& bytes, std::size_t piece) {
  MessageStream stream;
  std::vector<std::string> messages;
  for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
    stream.append(std::string_view(bytes).substr(begin, piece));
    for (auto& message : take_all(stream)) {
      messages.push_back(std::move(message));
    }
  }
  return messages;
}

TEST(MessageStreamTest, CutsTheSameMessagesHoweverTheyArrive) {
  const auto both = short_one + long_one + short_one;
  for (std::size_t piece = 1; piece <= both.size(); ++piece) {
    EXPECT_THAT(messages_in(both, piece), ElementsAre(short_one, long_one, short_one)) << piece;
  }
}

TEST(MessageStreamTest, WaitsForTheWholeBody) {
  MessageStream stream;
  stream.append(long_one.substr(0, long_one.size() - 1));
  EXPECT_THAT(take_all(stream), IsEmpty());
  stream.append(long_one.substr(long_one.size() - 1));
  EXPECT_THAT(take_all(stream), ElementsAre(long_one));
}

// RFC 5626, section 4.4.1, and RFC 3261, section 7.5.
TEST(MessageStreamTest, SkipsEmptyLinesBetweenMessages) {
  EXPECT_THAT(messages_in("\r\n\r\n" + short_one + "\r\n" + long_one + "\r\n\r\n", 3),
              ElementsAre(short_one, long_one));
}

TEST(MessageStreamTest, TakesAMessageWithoutContentLengthForOneWithoutABody) {
  EXPECT_THAT(messages_in("SIP/2.0 200 OK\r\n\r\n" + short_one, 7),
              ElementsAre("SIP/2.0 200 OK\r\n\r\n", short_one));
}

TEST(MessageStreamTest, TakesBareLineFeedsForLineEnds) {
  EXPECT_THAT(messages_in("SIP/2.0 200 OK\nl: 2\n\nab" + short_one, 5),
              ElementsAre("SIP/2.0 200 OK\nl: 2\n\nab", short_one));
}

TEST(MessageStreamTest, FindsTheNextMessageAfterGarbage) {
  EXPECT_THAT(messages_in("garbage\r\nmore of it\r\n\r\n" + short_one, 4),
              ElementsAre("garbage\r\nmore of it\r\n\r\n", short_one));
}

TEST(MessageStreamTest, FailsForAHeaderThatDoesNotEnd) {
  MessageStream stream;
  stream.append(std::string(MessageStream::longest_message, 'x'));
  EXPECT_TRUE(stream.next());
  stream.append("x");
  EXPECT_THAT(stream.next().error().text, HasSubstr("65535 bytes"));
}

TEST(MessageStreamTest, FailsForABodyThatIsTooLong) {
  for (const auto* length : {"65535", "18446744073709551615"}) {
    MessageStream stream;
    stream.append("SIP/2.0 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\n");
    EXPECT_FALSE(stream.next()) << length;
  }
}

TEST(MessageStreamTest, TakesTheLongestMessage) {
  const std::string header = "SIP/2.0 200 OK\r\nContent-Length: 65495\r\n\r\n";
  const auto message = header + std::string(65'495, 'x');
  ASSERT_EQ(message.size(), MessageStream::longest_message + 1);
  MessageStream stream;
  stream.append("SIP/2.0 200 OK\r\nContent-Length: 65494\r\n\r\n" + std::string(65'494, 'x'));
  EXPECT_EQ(take_all(stream).size(), 1U);
  stream.append(message);
  EXPECT_FALSE(stream.next());
}

}  // namespace
}  // namespace sip
