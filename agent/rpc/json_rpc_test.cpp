#include "agent/rpc/json_rpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rpc {
namespace {

using ::testing::HasSubstr;

TEST(JsonRequestTest, NamesMethodAndCall) {
  EXPECT_EQ(json_request({.method = "core.uptime"}, 7),
            R"({"id":7,"jsonrpc":"2.0","method":"core.uptime"})");
}

// The form that Kamailio 5.6.3 writes.
TEST(JsonReplyTest, HasTheResult) {
  const auto reply = read_json_reply(
      "{\n\t\"jsonrpc\":\t\"2.0\",\n\t\"result\":\t{\n\t\t\"now\":\t\"Wed Nov 25 13:08:24 2026\",\n"
      "\t\t\"uptime\":\t12\n\t},\n\t\"id\":\t7\n}");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->call, 7U);
  EXPECT_EQ(reply->value, (Value{.data = Struct{{"now", {"Wed Nov 25 13:08:24 2026"}},
                                                {"uptime", {std::int64_t{12}}}}}));
}

TEST(JsonReplyTest, ReadsValuesOfEveryType) {
  const auto reply = read_json_reply(
      R"({"jsonrpc":"2.0","id":1,"result":[1,-2,3.5,"x",true,null,[],{},18446744073709551615]})");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->value, (Value{.data = List{{std::int64_t{1}},
                                              {std::int64_t{-2}},
                                              {3.5},
                                              {"x"},
                                              {std::int64_t{1}},
                                              {""},
                                              {List{}},
                                              {Struct{}},
                                              {std::int64_t{9223372036854775807}}}}));
}

TEST(JsonReplyTest, HasTheMessageOfAnError) {
  const auto words = [](const std::string& error) {
    return read_json_reply(R"({"jsonrpc":"2.0","id":7,"error":)" + error + "}")->value.error().text;
  };
  EXPECT_EQ(words(R"({"code":500,"message":"Method Not Found"})"), "500 Method Not Found");
  EXPECT_EQ(words(R"({"code":500})"), "500 without a message");
  EXPECT_EQ(words(R"({"message":7})"), "without a message");
  EXPECT_EQ(words("null"), "an error without a message");
}

TEST(JsonReplyTest, RejectsOtherDocuments) {
  for (const auto* document :
       {"", "x", "[]", "7", "{}", R"({"id":7})", R"({"result":{}})", R"({"id":"7","result":{}})",
        R"({"id":-7,"result":{}})", R"({"id":7.0,"result":{}})", R"({"id":4294967296,"result":{}})",
        R"({"id":null,"result":{}})", R"({"id":7,"result":{})", "{\"id\":7,\"result\":\"\xFF\"}"}) {
    EXPECT_FALSE(read_json_reply(document)) << document;
  }
}

TEST(JsonReplyTest, IsRejectedIfNestedTooDeeply) {
  const auto nested = [](std::size_t depth) {
    return read_json_reply(R"({"id":7,"result":)" + std::string(depth, '[') +
                           std::string(depth, ']') + "}");
  };
  EXPECT_TRUE(nested(deepest_value));
  EXPECT_THAT(nested(100'000).error().text, HasSubstr("deeply"));
}

TEST(JsonReplyTest, IsRejectedWithTooManyValues) {
  const auto list_of = [](std::size_t size) {
    std::string list = "0";
    for (std::size_t element = 1; element < size; ++element) {
      list += ",0";
    }
    return R"({"id":7,"result":[)" + list + "]}";
  };
  const auto most = read_json_reply(list_of(most_values - 1));  // and the list itself
  ASSERT_TRUE(most);
  EXPECT_EQ(std::get<List>(most->value->data).size(), most_values - 1);
  EXPECT_THAT(read_json_reply(list_of(most_values)).error().text,
              HasSubstr("more than 65536 values"));
}

TEST(JsonReplyTest, IsRejectedIfTooLong) {
  const auto reply_of = [](std::size_t size) {
    const std::string begin = R"({"id":7,"result":")";
    return begin + std::string(size - begin.size() - 2, 'x') + "\"}";
  };
  EXPECT_TRUE(read_json_reply(reply_of(longest_answer)));
  EXPECT_THAT(read_json_reply(reply_of(longest_answer + 1)).error().text,
              HasSubstr("longer than 1048576 bytes"));
}

}  // namespace
}  // namespace rpc
