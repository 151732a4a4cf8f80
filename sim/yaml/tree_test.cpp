#include "sim/yaml/tree.h"

#include "sim/yaml/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <vector>

namespace yaml {
namespace {

using testing::Optional;
using testing::SizeIs;
using testing::StartsWith;

Tree tree_of(const std::string& text) {
  const auto tree = read_tree("f.yaml", text);
  EXPECT_TRUE(tree) << tree.error().message();
  return tree ? *tree : Tree{};
}

std::string message_of(const std::string& text) {
  const auto tree = read_tree("f.yaml", text);
  return tree ? "" : tree.error().message();
}

TEST(ReadTree, ReadsWordsListsAndTablesWithTheirPlaces) {
  const auto tree = tree_of("a: b\nc: [d, 'e: f']\n");
  ASSERT_THAT(tree.entries, SizeIs(2));
  EXPECT_EQ(tree.entries[0].key, "a");
  EXPECT_EQ(tree.entries[0].value.word, "b");
  const auto& list = tree.entries[1].value;
  ASSERT_THAT(list.items, SizeIs(2));
  EXPECT_EQ(list.items[1].word, "e: f");
  EXPECT_EQ(list.items[1].place.line, 2);
  EXPECT_EQ(list.items[1].place.column, 8);
}

TEST(ReadTree, RepeatsWhatAnAliasRefersTo) {
  const auto tree = tree_of("a: &x {b: c}\nd: *x\n");
  ASSERT_THAT(tree.entries, SizeIs(2));
  ASSERT_THAT(tree.entries[1].value.entries, SizeIs(1));
  EXPECT_EQ(tree.entries[1].value.entries[0].value.word, "c");
}

TEST(ReadTree, AcceptsUnusualYaml) {
  EXPECT_EQ(tree_of("\xEF\xBB\xBF"
                    "a: b\r\n")
                .entries[0]
                .value.word,
            "b");
  EXPECT_EQ(tree_of("a: |\n  b\n  \tc\n").entries[0].value.word, "b\n\tc\n");
  EXPECT_EQ(tree_of("{a: b,\n\tc: d}\n").entries[1].value.word, "d");
  EXPECT_EQ(tree_of("a: b\n...\n").entries[0].value.word, "b");
  EXPECT_EQ(tree_of("\"<<\": b\n").entries[0].key, "<<");
  EXPECT_EQ(tree_of("a: 'it''s'\nb: \"\\\"\"\n").entries[1].value.word, "\"");
  EXPECT_EQ(tree_of("a: ok \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n").entries[0].value.kind,
            Tree::Kind::word);
}

TEST(ReadTree, PutsNothingAtItsKey) {
  const auto tree = tree_of("- wait:\n- start: one\n");
  const auto& item = tree.items[0];
  EXPECT_EQ(item.entries[0].value.kind, Tree::Kind::nothing);
  EXPECT_EQ(item.entries[0].value.place.line, 1);
  EXPECT_EQ(item.entries[0].value.place.column, 3);
}

struct Bad {
  const char* name;
  std::string text;
  const char* message;
};

class BadText : public testing::TestWithParam<Bad> {};

TEST_P(BadText, IsRefusedWithItsPlaceInWordsForPeople) {
  EXPECT_THAT(message_of(GetParam().text), StartsWith(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, BadText,
    testing::Values(
        Bad{"Empty", "", "f.yaml:1:1: the file is empty"},
        Bad{"OnlyComments", "# a\n\n# b\n", "f.yaml:1:1: the file is empty"},
        Bad{"OnlyABeginning", "---\n", "f.yaml:1:1: the file is empty"},
        Bad{"TabBeforeAKey", "a:\n\tb: c\n", "f.yaml:2:1: tab in the indentation: expected spaces"},
        Bad{"TabAtTheBeginning", "\ta: b\n", "f.yaml:1:1: tab in the indentation"},
        Bad{"TabBehindBlanks", "a:\n  - b\n \t- c\n", "f.yaml:3:2: tab in the indentation"},
        Bad{"TabBeforeAnItem", "a:\n\t- b\n", "f.yaml:2:1: tab in the indentation"},
        Bad{"TabInATextBlock", "a: |\n\tb\n", "f.yaml:2:1: tab in the indentation"},
        Bad{"TableNotClosed", "a:\n  - {b: c", "f.yaml:2:5: invalid YAML: \"{\" is not closed"},
        Bad{"NothingButABrace", "{", "f.yaml:1:1: invalid YAML: \"{\" is not closed"},
        Bad{"ListNotClosed", "a: [b, c\n\nd: e\n",
            "f.yaml:1:4: invalid YAML: \"[\" is not closed, or a \",\" is missing before 3:2"},
        Bad{"CommaMissing", "a: {b: c\n d: e}\n",
            "f.yaml:1:4: invalid YAML: \"{\" is not closed, or a \",\" is missing before 2:3"},
        Bad{"CommaMissingBehindATab", "a: {b: c\n\td: e}\n",
            "f.yaml:1:4: invalid YAML: \"{\" is not closed"},
        Bad{"WrongBracket", "a: {b: [c}\n",
            "f.yaml:1:10: invalid YAML: unexpected \"}\": the \"[\" at 1:8 is still open"},
        Bad{"BracketTooMany", "a: [b]]\n",
            "f.yaml:1:7: invalid YAML: unexpected \"]\": no bracket is open"},
        Bad{"KeyInAnotherColumn", "a:\n  b: c\n d: e\n",
            "f.yaml:3:2: invalid YAML: this does not continue the table that begins at 1:1"},
        Bad{"ItemInAnotherColumn", "a:\n  - b: c\n   - d\n",
            "f.yaml:3:4: invalid YAML: this does not continue the list that begins at 2:3"},
        Bad{"KeyBehindAWord", "a: b\n  c: d\n", "f.yaml:2:4: invalid YAML: unexpected \":\""},
        Bad{"ItemBehindAKey", "a: - b\n", "f.yaml:1:4: invalid YAML: unexpected \"-\""},
        Bad{"QuoteNotClosed", "a: b\nc: 'd\ne: f\n", "f.yaml:2:4: invalid YAML: the quoted text"},
        Bad{"DoubleQuoteNotClosed", "a: \"b\\\"\nc: d\n",
            "f.yaml:1:4: invalid YAML: the quoted text"},
        Bad{"StrangeFirstLetter", "a: @b\n",
            "f.yaml:1:4: invalid YAML: unexpected \"@\" at the beginning of a text"},
        Bad{"TooDeep", std::string(3000, '['),
            "f.yaml:1:1: invalid YAML: tables and lists are nested too deeply"},
        Bad{"SecondDocument", "a: b\n---\nc: d\n", "f.yaml:2:1: a second document begins here"},
        Bad{"EmptySecondDocument", "a: b\n---\n", "f.yaml:2:1: a second document begins here"},
        Bad{"MoreBehindTheEnd", "[a]\nb: c\n", "f.yaml:2:1: a second document begins here"},
        Bad{"MergeKey", "a: &x {b: c}\nd:\n  <<: *x\n", "f.yaml:3:3: merge keys are not supported"},
        Bad{"SameKeyTwice", "a: b\na: c\n", "f.yaml:2:1: duplicate key \"a\""},
        Bad{"ListAsKey", "? [a]\n: b\n", "f.yaml:1:3: invalid key: expected a word"},
        Bad{"AliasOfItself", "a: &x [b, *x]\n",
            "f.yaml:1:11: the alias refers to a part that contains it"},
        Bad{"UnknownAlias", "a: *x\n", "f.yaml:1:4: invalid YAML: the referenced anchor"},
        Bad{"Latin1", "a: b\nc: \xE4\n", "f.yaml:2:4: invalid byte 0xe4: expected UTF-8"},
        Bad{"CutCharacter", "a: \xE2\x82", "f.yaml:1:4: invalid byte 0xe2: expected UTF-8"},
        Bad{"Surrogate", "a: \xED\xA0\x80\n", "f.yaml:1:4: invalid byte 0xed: expected UTF-8"},
        Bad{"LongForm", "a: \xC0\xAF\n", "f.yaml:1:4: invalid byte 0xc0: expected UTF-8"},
        Bad{"Zero", std::string("a: \0b\n", 6), "f.yaml:1:4: invalid control character 0x00"},
        Bad{"EndOfTransmission", "a: b\x04\nc: d\n", "f.yaml:1:5: invalid control character 0x04"}),
    [](const auto& tested) { return std::string(tested.param.name); });

// The message of the reader for the text; empty if it accepts it.
template <typename Reader>
std::string misread(const std::string& text, const Reader& reader) {
  const auto tree = tree_of(text);
  try {
    reader(tree);
  } catch (const Misread& misread) {
    return std::to_string(misread.place.line) + ":" + std::to_string(misread.place.column) + ": " +
           misread.text;
  }
  return "";
}

TEST(Readers, ShowTheWrongValueAndAnExample) {
  const auto as_list = [](const Tree& tree) { (void)list_in(tree.entries[0].value, "deaf"); };
  EXPECT_EQ(misread("deaf: tcp", as_list), "1:7: invalid deaf \"tcp\": expected a list, as [a, b]");
  EXPECT_EQ(misread("deaf: {a: b}", as_list),
            "1:7: invalid deaf: expected a list, as [a, b], found a table");
  EXPECT_EQ(misread("deaf:\n", as_list), "1:1: empty deaf: expected a list, as [a, b]");
  const auto as_word = [](const Tree& tree) { (void)word_in(tree.entries[0].value, "wait"); };
  EXPECT_EQ(misread("wait: [1s]", as_word),
            "1:7: invalid wait: expected a single word or text, found a list");
  EXPECT_EQ(misread("wait:\nnext: 1", as_word), "1:1: empty wait: expected a single word or text");
  EXPECT_EQ(misread("one", [](const Tree& tree) { const Table table(tree, "step"); }),
            "1:1: invalid step \"one\": expected a table, KEY: VALUE");
}

TEST(FlowText, CutsLongWordsBetweenCharacters) {
  std::string word = "a";
  for (int i = 0; i < 100; ++i) {
    word += "\xE2\x82\xAC";
  }
  EXPECT_EQ(flow_text({.kind = Tree::Kind::word, .word = word}),
            word.substr(0, 1 + 19 * 3) + "...");
}

void read_signal(const Tree& tree) {
  Table table(tree, "step");
  (void)table.find("signal");
  (void)table.need("to");
  (void)table.need("of");
  table.finish();
}

TEST(TableTest, NamesAKeyThatIsMissing) {
  EXPECT_EQ(misread("{signal: KILL, of: one}", read_signal), "1:1: missing key \"to\" in step");
}

TEST(TableTest, NamesAnUnknownKeyAndThoseThatAreAllowed) {
  EXPECT_EQ(misread("{to: main, of: one, at: 1s}", read_signal),
            "1:21: unknown key \"at\" in step: expected signal, to or of");
}

TEST(TableTest, NamesTheWrongKeyAndNotTheOneThatIsMissingForIt) {
  EXPECT_EQ(misread("{signal: KILL, too: main, of: one}", read_signal),
            "1:16: unknown key \"too\" in step; did you mean \"to\"?");
}

TEST(Nearest, FindsTheWordBehindASlip) {
  const std::vector<std::string> words = {"frozen", "full-disk", "healthy"};
  EXPECT_THAT(nearest("healty", words), Optional(std::string("healthy")));
  EXPECT_THAT(nearest("fulldisk", words), Optional(std::string("full-disk")));
  EXPECT_THAT(nearest("rfozen", words), Optional(std::string("frozen")));
  EXPECT_EQ(nearest("orphans", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
}

TEST(ReadTextFile, ReturnsTheErrorOfTheSystem) {
  EXPECT_EQ(read_text_file("/").error(), std::errc::is_a_directory);
  EXPECT_EQ(read_text_file("/nowhere/a.yaml").error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(read_text_file("/dev/null"), "");
}

}  // namespace
}  // namespace yaml
