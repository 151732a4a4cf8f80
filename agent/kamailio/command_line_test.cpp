#include "agent/kamailio/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

// The words of a text that has no error.
Words words_of(const std::string& text) {
  const auto words = split_words(text);
  EXPECT_TRUE(words.has_value()) << "'" << text << "': " << (words ? "" : words.error().text);
  return words.value_or(Words{});
}

TEST(Words, AreSeparatedByBlanks) {
  EXPECT_EQ(words_of("a b"), (Words{"a", "b"}));
  EXPECT_EQ(words_of("  a \t b\n"), (Words{"a", "b"}));
}

TEST(Words, AreNoneInAnEmptyText) {
  EXPECT_EQ(words_of(""), Words{});
  EXPECT_EQ(words_of(" \t\n"), Words{});
}

// What `sh -c 'printf "%s\n" TEXT'` prints.
TEST(Words, AreSplitAsByAShell) {
  struct Case {
    std::string text;
    Words words;
  };
  const std::vector<Case> cases = {
      {R"('a b')", {"a b"}},
      {R"("a b")", {"a b"}},
      {R"(a'b c'd)", {"ab cd"}},
      {R"(a'b'"c"\d)", {"abcd"}},
      {R"(a\ b)", {"a b"}},
      {R"(\a)", {"a"}},
      {R"('\a')", {R"(\a)"}},
      {R"("\a")", {R"(\a)"}},
      {R"("\"")", {R"(")"}},
      {R"("\\")", {R"(\)"}},
      {R"("\$x")", {"$x"}},
      {R"("\`")", {"`"}},
      {R"("a\ b")", {R"(a\ b)"}},
      {R"('\')", {R"(\)"}},
      {R"(\')", {"'"}},
      {R"(\")", {R"(")"}},
      {R"(\\)", {R"(\)"}},
      {R"("it's")", {"it's"}},
      {R"('say "hi"')", {R"(say "hi")"}},
      {R"(-A FOO=1+1)", {"-A", "FOO=1+1"}},
      {R"(-A 'X="a b"')", {"-A", R"(X="a b")"}},
      {R"(-m 128 -M 8)", {"-m", "128", "-M", "8"}},
  };
  for (const auto& [text, words] : cases) {
    EXPECT_EQ(words_of(text), words) << text;
  }
}

TEST(Words, MayBeEmptyIfTheyAreQuoted) {
  EXPECT_EQ(words_of("''"), Words{""});
  EXPECT_EQ(words_of(R"("")"), Words{""});
  EXPECT_EQ(words_of(R"(''"")"), Words{""});
  EXPECT_EQ(words_of("a '' b"), (Words{"a", "", "b"}));
}

TEST(Words, ContinueOnTheNextLineAfterABackslash) {
  EXPECT_EQ(words_of("a\\\nb"), Words{"ab"});
  EXPECT_EQ(words_of("\"a\\\nb\""), Words{"ab"});
  EXPECT_EQ(words_of("a \\\n b"), (Words{"a", "b"}));
  EXPECT_EQ(words_of("\\\n"), Words{});
}

TEST(Words, KeepLineEndsWithinQuotes) {
  EXPECT_EQ(words_of("'a\nb'"), Words{"a\nb"});
  EXPECT_EQ(words_of("'a\\\nb'"), Words{"a\\\nb"});
  EXPECT_EQ(words_of("\"a\nb\""), Words{"a\nb"});
}

TEST(Words, KeepWhatAShellWouldExpandOrExecute) {
  EXPECT_EQ(words_of("$HOME $(id) `id` * ~ a;b a|b a>b & #c {a,b}"),
            (Words{"$HOME", "$(id)", "`id`", "*", "~", "a;b", "a|b", "a>b", "&", "#c", "{a,b}"}));
}

TEST(Words, RejectAnUnterminatedQuote) {
  for (const std::string text :
       {"'", R"(")", "a 'b", R"(a "b)", R"('a")", R"("a')", R"("\")", "a'b'c'"}) {
    EXPECT_FALSE(split_words(text).has_value()) << text;
  }
  EXPECT_THAT(split_words("it's").error().text, HasSubstr("unterminated quote (')"));
  EXPECT_THAT(split_words("say \"hi").error().text, HasSubstr("unterminated quote (\")"));
}

TEST(Words, RejectATrailingBackslash) {
  for (const std::string text : {R"(\)", R"(a\)", R"(a \)", R"('a'\)", R"(\\\)"}) {
    const auto words = split_words(text);
    ASSERT_FALSE(words.has_value()) << text;
    EXPECT_THAT(words.error().text, HasSubstr("backslash"));
  }
}

// Every text of up to `longest` characters of the alphabet, up to the first that fails.
void for_each_text(const std::string& alphabet, std::size_t longest,
                   const std::function<void(const std::string&)>& act) {
  std::function<void(const std::string&)> extend = [&](const std::string& text) {
    if (::testing::Test::HasFailure()) {
      return;
    }
    act(text);
    if (text.size() < longest) {
      for (const char next : alphabet) {
        extend(text + next);
      }
    }
  };
  extend("");
}

const std::string tricky = "a '\"\\$\n";

TEST(AnyText, IsOneWordInSingleQuotes) {
  for_each_text("a \"\\$\n", 5, [](const std::string& text) {
    ASSERT_EQ(words_of("'" + text + "'"), Words{text});
  });
}

TEST(AnyText, IsOneWordInDoubleQuotesIfTheirSpecialCharactersAreEscaped) {
  for_each_text(tricky, 5, [](const std::string& text) {
    std::string quoted = "\"";
    for (const char next : text) {
      if (std::string("\"\\$`").find(next) != std::string::npos) {
        quoted += '\\';
      }
      quoted += next;
    }
    ASSERT_EQ(words_of(quoted + "\""), Words{text});
  });
}

TEST(AnyText, IsOneWordIfEachCharacterIsEscaped) {
  for_each_text("a '\"\\$", 5, [](const std::string& text) {
    std::string escaped;
    for (const char next : text) {
      escaped += {'\\', next};
    }
    ASSERT_EQ(words_of(escaped), text.empty() ? Words{} : Words{text});
  });
}

// Either the text is rejected, or its words can be quoted and split again with the same result.
TEST(AnyText, IsSplitIntoWordsThatSurviveQuoting) {
  for_each_text(tricky, 5, [](const std::string& text) {
    const auto words = split_words(text);
    if (!words) {
      return;
    }
    std::string quoted;
    for (const auto& word : *words) {
      quoted += " '";
      for (const char next : word) {
        quoted += next == '\'' ? std::string(R"('\'')") : std::string(1, next);
      }
      quoted += "'";
    }
    ASSERT_EQ(words_of(quoted), *words) << text;
  });
}

TEST(AnyText, CanFollowAnotherAfterABlank) {
  for_each_text("a '\"\\", 3, [](const std::string& first) {
    const auto first_words = split_words(first);
    if (!first_words) {
      return;
    }
    for_each_text("a '\"\\", 3, [&](const std::string& second) {
      const auto second_words = split_words(second);
      if (!second_words) {
        return;
      }
      auto all = *first_words;
      all.insert(all.end(), second_words->begin(), second_words->end());
      ASSERT_EQ(words_of(first + " " + second), all) << first << "|" << second;
    });
  });
}

using Words = std::vector<std::string>;

std::vector<Option> options(const Words& words) { return read_options(words); }

TEST(Options, HaveTheirValueInTheNextWordOrInTheSame) {
  EXPECT_THAT(options({"-P", "/run/k.pid", "-f/etc/k.cfg"}),
              ElementsAre(Option{.name = "P", .value = "/run/k.pid", .word = 0},
                          Option{.name = "f", .value = "/etc/k.cfg", .word = 2}));
}

TEST(Options, CanBeBundledInOneWord) {
  EXPECT_THAT(
      options({"-EDP", "/run/k.pid", "-rP/x"}),
      ElementsAre(Option{.name = "E", .word = 0}, Option{.name = "D", .word = 0},
                  Option{.name = "P", .value = "/run/k.pid", .word = 0},
                  Option{.name = "r", .word = 2}, Option{.name = "P", .value = "/x", .word = 2}));
}

TEST(Options, AreNotTheValuesOfOthers) {
  EXPECT_THAT(options({"-f", "-P", "-A", "-c"}),
              ElementsAre(Option{.name = "f", .value = "-P", .word = 0},
                          Option{.name = "A", .value = "-c", .word = 2}));
}

TEST(Options, AreNotWordsWithoutAHyphen) {
  EXPECT_THAT(options({"P", "-", "/run/k.pid"}), IsEmpty());
}

TEST(Options, EndAtTwoHyphens) {
  EXPECT_THAT(options({"-E", "--", "-P", "/run/k.pid"}),
              ElementsAre(Option{.name = "E", .word = 0}));
}

TEST(Options, CanBeLong) {
  EXPECT_THAT(options({"--alias=example.com", "--server-id", "7", "--cfg-print", "-E"}),
              ElementsAre(Option{.name = "alias", .value = "example.com", .word = 0},
                          Option{.name = "server-id", .value = "7", .word = 1},
                          Option{.name = "cfg-print", .word = 3}, Option{.name = "E", .word = 4}));
}

TEST(Options, WithoutTheirValueHaveAnEmptyOne) {
  EXPECT_THAT(options({"-P"}), ElementsAre(Option{.name = "P"}));
}

TEST(Options, WithTheSameNameCountByTheLast) {
  EXPECT_EQ(last_value(options({"-u", "a", "-ub"}), "u"), "b");
  EXPECT_EQ(last_value(options({"-u", "a"}), "g"), std::nullopt);
}

TEST(Options, MayMakeKamailioExitWithoutServing) {
  for (const auto* word :
       {"-c", "-h", "-I", "-v", "-V", "-Ec", "--help", "--version", "--cfg-print"}) {
    EXPECT_TRUE(only_answers(options({word}))) << word;
  }
  EXPECT_FALSE(only_answers(options({"-P", "-c", "-DD", "-E"})));
}

}  // namespace
}  // namespace kamailio
