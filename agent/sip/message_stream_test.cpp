#include "agent/sip/message_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string short_one = "SIP/2.0 100 Trying\r\nContent-Length: 0\r\n\r\n";
const std::string long_one = "SIP/2.0 200 OK\r\nl: 8\r\n\r\nab\r\n\r\ncd";

// The messages that are whole by now.
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
TEST(MessageStreamTest, PassesOverEmptyLinesBetweenMessages) {
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

TEST(MessageStreamTest, FindsTheNextMessageBehindGarbage) {
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
