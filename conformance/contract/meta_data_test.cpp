#include "conformance/contract/meta_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

namespace contract {

// For GoogleTest.
// NOLINTNEXTLINE(readability-identifier-naming)
void PrintTo(const Remark& remark, std::ostream* out) {
  *out << "line " << remark.line << ": " << remark.text;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The smallest valid meta-data, with one part replaced.
std::string text_with(const std::string& piece = "", const std::string& replacement = "") {
  std::string text = R"(<?xml version="1.0"?>
<resource-agent name="widget" version="0.1">
<version>1.1</version>
<longdesc lang="en">A widget.</longdesc>
<shortdesc lang="en">Widget</shortdesc>
<parameters>
<parameter name="size">
<longdesc lang="en">How large.</longdesc>
<shortdesc lang="en">Size</shortdesc>
<content type="integer" default="1"/>
</parameter>
</parameters>
<actions>
<action name="start" timeout="20s"/>
</actions>
</resource-agent>
)";
  if (!piece.empty()) {
    const auto at = text.find(piece);
    EXPECT_NE(at, std::string::npos) << piece;
    text.replace(at, piece.size(), replacement);
  }
  return text;
}

MetaData meta_data_with(const std::string& piece, const std::string& replacement) {
  const auto reading = read_meta_data(text_with(piece, replacement));
  EXPECT_THAT(reading.malformed, IsEmpty());
  EXPECT_THAT(reading.against_schema, IsEmpty());
  return reading.meta_data;
}

TEST(MetaData, HasWhatTheAgentSaysOfItself) {
  const auto meta_data = meta_data_with("", "");
  EXPECT_EQ(meta_data.name, "widget");
  EXPECT_EQ(meta_data.agent_version, "0.1");
  EXPECT_EQ(meta_data.version, "1.1");
  EXPECT_EQ(meta_data.descriptions.size(), 4U);
}

TEST(MetaData, HasParameters) {
  const auto meta_data =
      meta_data_with(R"(<parameter name="size">)",
                     R"(<parameter name="size" required="1" reloadable="1" unique-group="place">)");
  const auto* const size = meta_data.parameter("size");
  ASSERT_NE(size, nullptr);
  EXPECT_EQ(size->line, 7);
  EXPECT_EQ(size->type, "integer");
  EXPECT_EQ(size->default_value, "1");
  EXPECT_TRUE(size->required);
  EXPECT_TRUE(size->reloadable);
  EXPECT_EQ(size->unique_group, "place");
  EXPECT_EQ(meta_data.parameter("colour"), nullptr);
}

TEST(MetaData, TakesTheFormerUniqueForAGroupOfOne) {
  const auto meta_data = meta_data_with(R"(name="size")", R"(name="size" unique="1")");
  EXPECT_EQ(meta_data.parameters[0].unique_group, "size");
}

TEST(MetaData, HasWhatReplacesAParameter) {
  const auto meta_data = meta_data_with(
      R"(<parameter name="size">)",
      R"(<parameter name="size"><deprecated><desc lang="en">No.</desc><replaced-with name="width"/>
         <replaced-with name="height"/></deprecated>)");
  EXPECT_TRUE(meta_data.parameters[0].deprecated);
  EXPECT_THAT(meta_data.parameters[0].replaced_with, ElementsAre("width", "height"));
}

TEST(MetaData, HasTheOptionsOfASelect) {
  const auto meta_data =
      meta_data_with(R"(<content type="integer" default="1"/>)",
                     R"(<content type="select"><option value="a"/><option value="b"/></content>)");
  EXPECT_THAT(meta_data.parameters[0].options, ElementsAre("a", "b"));
}

TEST(MetaData, HasActions) {
  const auto meta_data = meta_data_with(
      R"(name="start" timeout="20s")",
      R"(name="monitor" timeout="20s" interval="10" depth="10" role="promoted" start-delay="1m")");
  const auto* const monitor = meta_data.action("monitor");
  ASSERT_NE(monitor, nullptr);
  EXPECT_EQ(monitor->line, 14);
  EXPECT_EQ(monitor->timeout, "20s");
  EXPECT_EQ(monitor->interval, "10");
  EXPECT_EQ(monitor->depth, "10");
  EXPECT_EQ(monitor->role, "promoted");
  EXPECT_EQ(monitor->start_delay, "1m");
}

struct Change {
  std::string piece;
  std::string replacement;
};

class Allowed : public ::testing::TestWithParam<Change> {};

TEST_P(Allowed, HasNoRemark) {
  const auto reading = read_meta_data(text_with(GetParam().piece, GetParam().replacement));
  EXPECT_THAT(reading.malformed, IsEmpty());
  EXPECT_THAT(reading.against_schema, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    MetaData, Allowed,
    ::testing::Values(Change{"<resource-agent",
                             "<!DOCTYPE resource-agent SYSTEM \"ra-api-1.dtd\">\n<resource-agent"},
                      Change{"<resource-agent", "<!-- a comment -->\n<resource-agent"},
                      Change{" version=\"0.1\"", ""},
                      Change{"A widget.", "<b class=\"c\">A</b> widget &amp; more &#233;<br/>"},
                      Change{"A widget.", "<![CDATA[a < b]]>"},
                      Change{"name=\"size\"", "name=\"size\" unique=\" 0 \""},
                      Change{"</actions>",
                             "</actions><special tag=\"x\"><y z=\"1\"/>text</special>"},
                      Change{"<parameters>", "<!-- & <parameters> -->\n<parameters>"},
                      Change{"<version>1.1</version>", "<version></version>"},
                      Change{"</longdesc>\n<shortdesc",
                             "</longdesc>\n<longdesc lang=\"de\">Ein Ding</longdesc><shortdesc"}));

class Malformed : public ::testing::TestWithParam<Change> {};

TEST_P(Malformed, IsNoXml) {
  EXPECT_THAT(read_meta_data(text_with(GetParam().piece, GetParam().replacement)).malformed,
              ::testing::Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(
    MetaData, Malformed,
    ::testing::Values(Change{"</version>", "</verzion>"}, Change{"</resource-agent>", ""},
                      Change{"</resource-agent>", "</resource-agent>\nand so on"},
                      Change{"</resource-agent>", "</resource-agent><resource-agent/>"},
                      Change{"<resource-agent", "<!DOCTYPE -a>\n<resource-agent"},
                      Change{"<resource-agent", "<!DOCTYPE a><!DOCTYPE a>\n<resource-agent"},
                      Change{"<?xml version=\"1.0\"", "<?xml"},
                      Change{"\"1.0\"", "\"1.0\" name=\"widget\""},
                      Change{"<version>", "<?xml version=\"1.0\"?><version>"},
                      Change{"<resource-agent", "<!DOCTYPE a \"b\">\n<resource-agent"},
                      Change{"<?xml", "\n<?xml"}, Change{"<?xml", "the widget:\n<?xml"},
                      Change{"A widget.", "this & that"}, Change{"A widget.", "&nbsp;"},
                      Change{"A widget.", "a ]]> b"}, Change{"A widget.", "a < b"},
                      Change{"A widget.", "<!-- a -- b -->"}, Change{"A widget.", "\xFF"},
                      Change{"A widget.", "\x01"}, Change{"\"start\"", "\"<start\""},
                      Change{"\"start\"", "\"start\" name=\"start\""},
                      Change{"\"start\" ", "\"start\""}, Change{"\"start\"", "start"}));

TEST(MetaData, OfNoTextIsNoXml) { EXPECT_EQ(read_meta_data("").malformed.size(), 1U); }

struct Violation {
  Change change;
  Remark remark;
};

class AgainstSchema : public ::testing::TestWithParam<Violation> {};

TEST_P(AgainstSchema, IsRemarkedWithItsLine) {
  const auto& [change, remark] = GetParam();
  const auto reading = read_meta_data(text_with(change.piece, change.replacement));
  EXPECT_THAT(reading.malformed, IsEmpty());
  EXPECT_THAT(reading.against_schema, ElementsAre(remark));
}

INSTANTIATE_TEST_SUITE_P(
    MetaData, AgainstSchema,
    ::testing::Values(
        Violation{{" name=\"widget\"", ""}, {2, "resource-agent lacks the attribute name"}},
        Violation{{"<version>1.1</version>", ""}, {2, "resource-agent lacks the element version"}},
        Violation{{"<version>", "<version lang=\"en\">"},
                  {3, "version has an attribute lang, which is not in the schema"}},
        Violation{{"<longdesc lang=\"en\">A", "<longdesc>A"},
                  {4, "longdesc lacks the attribute lang"}},
        Violation{{"<parameters>", "stray <parameters>"}, {2, "text within resource-agent"}},
        Violation{{"<parameters>", "<help/><parameters>"},
                  {6, "resource-agent has a help, which is not in the schema"}},
        Violation{{"<shortdesc lang=\"en\">Size</shortdesc>", ""},
                  {7, "parameter lacks the element shortdesc"}},
        Violation{{"name=\"size\"", "name=\"size\" required=\"yes\""},
                  {7, "parameter: required=\"yes\" is not 0 or 1"}},
        Violation{{"name=\"size\"", "name=\"size\" uniq=\"1\""},
                  {7, "parameter has an attribute uniq, which is not in the schema"}},
        Violation{{"<content type=\"integer\" default=\"1\"/>", ""},
                  {7, "parameter lacks the element content"}},
        Violation{{"\"integer\"", "\"int\""},
                  {10, "content: type=\"int\" is none of boolean, string, integer, select"}},
        Violation{{"\"integer\"", "\"select\""}, {10, "content lacks the element option"}},
        Violation{{"default=\"1\"/>", "><option value=\"1\"/></content>"},
                  {10, "option within content, which must be empty"}},
        Violation{{" timeout=\"20s\"", ""}, {14, "action lacks the attribute timeout"}},
        Violation{{" timeout=\"20s\"", " timeout=\"20s\" on-fail=\"block\""},
                  {14, "action has an attribute on-fail, which is not in the schema"}},
        Violation{{"<action name=\"start\" timeout=\"20s\"/>", ""},
                  {13, "actions lacks the element action"}},
        Violation{{"</actions>", "</actions><longdesc lang=\"en\"/>"},
                  {15, "longdesc must come before actions"}},
        Violation{{"</actions>", "</actions><special/>"}, {15, "special lacks the attribute tag"}},
        Violation{
            {"<parameter name=\"size\">", "<parameter name=\"size\"><deprecated>x</deprecated>"},
            {7, "text within deprecated"}},
        Violation{{"<parameter name=\"size\">",
                   "<parameter name=\"size\"><deprecated><replaced-with/></deprecated>"},
                  {7, "replaced-with lacks the attribute name"}}));

TEST(MetaData, OfAnotherRootIsNone) {
  EXPECT_THAT(read_meta_data("<agent/>").against_schema,
              ElementsAre(Remark{1, "invalid root element: expected resource-agent"}));
}

TEST(Duration, IsANumberWithAUnit) {
  using std::chrono::milliseconds;
  EXPECT_EQ(duration_in("20"), milliseconds(20'000));
  EXPECT_EQ(duration_in("20s"), milliseconds(20'000));
  EXPECT_EQ(duration_in(" 1min "), milliseconds(60'000));
  EXPECT_EQ(duration_in("150ms"), milliseconds(150));
  EXPECT_EQ(duration_in("1h"), milliseconds(3'600'000));
  for (const std::string text : {"", "s", "1.5s", "-1", "20 apples", "a while"}) {
    EXPECT_FALSE(duration_in(text)) << text;
  }
}

TEST(Language, IsAnIdentifierOfBcp47) {
  for (const std::string text : {"en", "en-GB", "de-Latn-CH-1901", "x-mine", "i-klingon", "DE"}) {
    EXPECT_TRUE(is_language(text)) << text;
  }
  for (const std::string text :
       {"", "e", "en_GB", "en-", "-en", "some english", "1a", "abcdefghi"}) {
    EXPECT_FALSE(is_language(text)) << text;
  }
}

}  // namespace
}  // namespace contract
