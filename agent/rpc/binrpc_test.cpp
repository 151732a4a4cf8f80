#include "agent/rpc/binrpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace rpc {
namespace {

using ::testing::HasSubstr;

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) {
    text += static_cast<char>(value);
  }
  return text;
}

// A reply to the call 7 with a body of less than 256 bytes.
std::string reply(const std::string& body, int type = 1) {
  return bytes({0xA1, type << 4, static_cast<int>(body.size()), 7}) + body;
}

host::Result<std::optional<Reply>> read(const std::string& packet) {
  BinrpcStream stream;
  stream.append(packet);
  return stream.next();
}

Value value_in(const std::string& body) {
  const auto read_reply = read(reply(body));
  return read_reply && *read_reply && (*read_reply)->value ? *(*read_reply)->value
                                                           : Value{.data = "no value"};
}

bool is_refused(const std::string& body) { return !read(reply(body)); }

TEST(BinrpcRequestTest, IsTheMethodAsAString) {
  EXPECT_EQ(binrpc_request({.method = "core.psx"}, 0x1234),
            bytes({0xA1, 0x01, 11, 0x12, 0x34, 0x91, 9}) + std::string("core.psx\0", 9));
}

TEST(BinrpcRequestTest, WritesNumbersOfAnySize) {
  const std::string method(300, 'x');
  EXPECT_EQ(binrpc_request({.method = method}, 0),
            bytes({0xA1, 0x04, 0x01, 0x30, 0x00, 0xA1, 0x01, 0x2D}) + method + '\0');
  EXPECT_EQ(binrpc_request({.method = ""}, 0x7FFFFFFF).substr(0, 7),
            bytes({0xA1, 0x03, 3, 0x7F, 0xFF, 0xFF, 0xFF}));
}

// The examples in the description of the format.
TEST(BinrpcReplyTest, ReadsValuesOfEveryType) {
  EXPECT_EQ(value_in(bytes({0x20, 0x12, 0x34})), (Value{.data = std::int64_t{0x1234}}));
  EXPECT_EQ(value_in(bytes({0x90, 0x02, 0x12, 0x34})), (Value{.data = std::int64_t{0x1234}}));
  EXPECT_EQ(value_in(bytes({0xA0, 0x00, 0x02, 0x12, 0x34})), (Value{.data = std::int64_t{0x1234}}));
  EXPECT_EQ(value_in(bytes({0x00})), (Value{.data = std::int64_t{0}}));
  EXPECT_EQ(value_in(bytes({0x71}) + std::string("abcdef\0", 7)), (Value{.data = "abcdef"}));
  EXPECT_EQ(value_in(bytes({0x91, 0x0A}) + std::string("abcdefhij\0", 10)),
            (Value{.data = "abcdefhij"}));
  EXPECT_EQ(value_in(bytes({0x11, 0x00})), (Value{.data = ""}));
  EXPECT_EQ(value_in(bytes({0x66}) + "abcdef"), (Value{.data = "abcdef"}));
  EXPECT_EQ(value_in(bytes({0x04, 0x10, 0x07, 0x41}) + std::string("abc\0", 4) + bytes({0x84})),
            (Value{.data = List{{std::int64_t{7}}, {"abc"}}}));
  EXPECT_EQ(
      value_in(bytes({0x03, 0x75}) + std::string("intval\0", 7) + bytes({0x10, 0x03, 0x25}) +
               std::string("s\0", 2) + bytes({0x41}) + std::string("abc\0", 4) + bytes({0x83})),
      (Value{.data = Struct{{"intval", {std::int64_t{3}}}, {"s", {"abc"}}}}));
}

TEST(BinrpcReplyTest, ReadsRealNumbersAsThousandths) {
  EXPECT_EQ(value_in(bytes({0x22, 0x05, 0xDC})), (Value{.data = 1.5}));
  EXPECT_EQ(value_in(bytes({0xF2 & 0x7F, 1, 0, 0, 0, 0, 0, 0})), (Value{.data = 281474976710.656}));
}

TEST(BinrpcReplyTest, WithSeveralValuesIsAListOfThem) {
  EXPECT_EQ(value_in(bytes({0x10, 1, 0x10, 2})),
            (Value{.data = List{{std::int64_t{1}}, {std::int64_t{2}}}}));
  EXPECT_EQ(value_in(""), (Value{.data = List{}}));
}

TEST(BinrpcReplyTest, HasTheMessageOfAFault) {
  const auto fault =
      read(reply(bytes({0x20, 0x01, 0xF4, 0x91, 0x11}) + std::string("Method Not Found\0", 17), 3));
  ASSERT_TRUE(fault && *fault);
  EXPECT_EQ((*fault)->value.error().text, "500 Method Not Found");
  EXPECT_EQ((*read(reply("", 3)))->value.error().text, "an error without a message");
}

TEST(BinrpcReplyTest, NamesItsCall) {
  EXPECT_EQ((*read(reply("")))->call, 7U);
  EXPECT_EQ((*read(bytes({0xA1, 0x13, 0, 0x7F, 0, 0, 1})))->call, 0x7F000001U);
}

TEST(BinrpcReplyTest, IsRejectedWithABrokenRecord) {
  EXPECT_TRUE(is_refused(bytes({0x20, 0x12})));                             // too short a number
  EXPECT_TRUE(is_refused(bytes({0x90})));                                   // no size
  EXPECT_TRUE(is_refused(bytes({0x80, 0x01})));                             // a size of no bytes
  EXPECT_TRUE(is_refused(bytes({0x90, 0x09, 1, 2, 3, 4, 5, 6, 7, 8, 9})));  // too long a number
  EXPECT_TRUE(is_refused(bytes({0x01})));                    // a string without its end
  EXPECT_TRUE(is_refused(bytes({0x21}) + "ab"));             // the same
  EXPECT_TRUE(is_refused(bytes({0x03})));                    // a structure that does not end
  EXPECT_TRUE(is_refused(bytes({0x04, 0x10, 0x01})));        // a list that does not end
  EXPECT_TRUE(is_refused(bytes({0x83})));                    // an end without a begin
  EXPECT_TRUE(is_refused(bytes({0x04, 0x83})));              // the end of something else
  EXPECT_TRUE(is_refused(bytes({0x03, 0x10, 0x01, 0x83})));  // a member without a name
  EXPECT_TRUE(is_refused(bytes({0x03, 0x25}) + std::string("s\0", 2) + bytes({0x83})));
  EXPECT_TRUE(is_refused(bytes({0x25}) + std::string("s\0", 2)));  // a name outside a structure
  EXPECT_TRUE(is_refused(bytes({0x13})));                          // a structure with a size
  EXPECT_TRUE(is_refused(bytes({0x17, 0x00})));                    // no such type
  // A size near 2^64.
  EXPECT_TRUE(is_refused(bytes({0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})));
}

TEST(BinrpcReplyTest, IsRejectedIfNestedTooDeeply) {
  const auto nested = [](std::size_t depth) {
    return reply(std::string(depth, '\x04') + std::string(depth, '\x84'));
  };
  EXPECT_TRUE(read(nested(deepest_value)));
  EXPECT_FALSE(read(nested(100)));
}

TEST(BinrpcReplyTest, WithSeveralValuesIsNotDeeperThanOthers) {
  const auto two_nested = [](std::size_t depth) {
    const auto value = std::string(depth, '\x04') + std::string(depth, '\x84');
    return reply(value + value);
  };
  EXPECT_TRUE(read(two_nested(deepest_value)));
  EXPECT_FALSE(read(two_nested(deepest_value + 1)));
}

TEST(BinrpcReplyTest, IsRejectedWithTooManyValues) {
  const auto list_of = [](std::size_t size) {
    const std::string body = '\x04' + std::string(size, '\0') + '\x84';
    const auto length = static_cast<int>(body.size());
    return bytes({0xA1, 0x18, length >> 16, length >> 8 & 0xFF, length & 0xFF, 7}) + body;
  };
  const auto most = read(list_of(most_values - 1));  // and the list itself
  ASSERT_TRUE(most && *most);
  EXPECT_EQ(std::get<List>((*most)->value->data).size(), most_values - 1);
  EXPECT_THAT(read(list_of(most_values)).error().text, HasSubstr("more than 65536 values"));
}

TEST(BinrpcStreamTest, CutsTheSameRepliesHoweverTheyArrive) {
  const auto both = reply(bytes({0x10, 0x01})) + reply(bytes({0x41}) + std::string("abc\0", 4));
  for (std::size_t piece = 1; piece <= both.size(); ++piece) {
    BinrpcStream stream;
    std::vector<Value> values;
    for (std::size_t begin = 0; begin < both.size(); begin += piece) {
      stream.append(std::string_view(both).substr(begin, piece));
      for (auto next = stream.next(); next && *next; next = stream.next()) {
        values.push_back(*(*next)->value);
      }
    }
    EXPECT_EQ(values, (std::vector<Value>{{std::int64_t{1}}, {"abc"}})) << piece;
  }
}

TEST(BinrpcStreamTest, SkipsRepliesToOtherCalls) {
  BinrpcStream stream;
  stream.append(reply(bytes({0x10, 0x01})) + bytes({0xA1, 0x10, 2, 8, 0xFF, 0xFF}) +
                bytes({0xA1, 0x10, 2, 9, 0x10, 0x05}));
  const auto mine = stream.next(9);
  ASSERT_TRUE(mine && *mine);
  EXPECT_EQ(*(*mine)->value, (Value{.data = std::int64_t{5}}));
  const auto none = stream.next(9);
  EXPECT_TRUE(none && !*none);
}

TEST(BinrpcStreamTest, FailsForBytesThatAreNotAReply) {
  EXPECT_THAT(read("SIP/2.0").error().text, HasSubstr("0xA1"));
  EXPECT_THAT(read(reply("", 0)).error().text, HasSubstr("neither"));
  EXPECT_THAT(read(reply("", 2)).error().text, HasSubstr("neither"));
}

TEST(BinrpcStreamTest, FailsForALengthBeyondTheLimit) {
  EXPECT_THAT(read(bytes({0xA1, 0x1C, 0xFF, 0xFF, 0xFF, 0xFF, 7})).error().text,
              HasSubstr("longer than"));
}

}  // namespace
}  // namespace rpc
