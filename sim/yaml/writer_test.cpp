#include "sim/yaml/writer.h"

#include "sim/yaml/table.h"

#include <gtest/gtest.h>

#include <string>

namespace yaml {
namespace {

std::string shape_of(const Tree& tree) {
  switch (tree.kind) {
    case Tree::Kind::nothing:
      return "nothing";
    case Tree::Kind::word:
      return "'" + tree.word + "'";
    case Tree::Kind::list: {
      std::string text;
      for (const auto& item : tree.items) {
        text += shape_of(item) + ",";
      }
      return "[" + text + "]";
    }
    case Tree::Kind::table: {
      std::string text;
      for (const auto& [key, place, value] : tree.entries) {
        text += key + ":" + shape_of(value) + ",";
      }
      return "{" + text + "}";
    }
  }
  return "";
}

TEST(YamlWriterTest, WritesWhatIsReadAsTheSameTree) {
  for (const std::string text :
       {"word", "[]", "{}", "{a: }", "[yes, \"no\", ~, 1, \"\"]",
        "{kamailio: {deaf: [udp], options: {replies: [{bytes: \"SIP/2.0 200\\r\\n\\\"\\0\"}]}}}",
        "{\"a key: of odd, parts\": \"two\\nlines # no comment\"}", "[\"\\xe4\", ümlaut, '%', -]",
        "a: |\n  block\n  text\n"}) {
    const auto tree = read_tree("first", text);
    ASSERT_TRUE(tree) << tree.error().message();
    const auto again = read_tree("again", document_of(*tree));
    ASSERT_TRUE(again) << document_of(*tree) << again.error().message();
    EXPECT_EQ(shape_of(*again), shape_of(*tree)) << document_of(*tree);
  }
}

}  // namespace
}  // namespace yaml
