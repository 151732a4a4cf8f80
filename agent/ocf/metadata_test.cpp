#include "agent/ocf/metadata.h"

#include "agent/ocf/testing/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace ocf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_xml;
using ::testing::StartsWith;
using testing::XmlElement;

AgentSpec small_agent() {
  AgentSpec spec;
  spec.name = "echo";
  spec.version = "1.2.3";
  spec.shortdesc = "Repeats";
  spec.longdesc = "Repeats what is said.";
  spec.parameters = {{.name = "text", .shortdesc = "Text", .longdesc = "What is said."}};
  spec.actions = {{.name = "start", .timeout = "20s"}};
  return spec;
}

AgentSpec agent_with(ParameterSpec parameter) {
  auto spec = small_agent();
  spec.parameters = {std::move(parameter)};
  return spec;
}

AgentSpec agent_with(ActionSpec action) {
  auto spec = small_agent();
  spec.actions = {std::move(action)};
  return spec;
}

XmlElement metadata_of(const AgentSpec& spec) { return read_xml(metadata_xml(spec)); }

XmlElement metadata_of(ParameterSpec parameter) {
  return metadata_of(agent_with(std::move(parameter))).only("parameters").only("parameter");
}

XmlElement metadata_of(ActionSpec action) {
  return metadata_of(agent_with(std::move(action))).only("actions").only("action");
}

TEST(Metadata, IsWellFormed) { EXPECT_NO_THROW(metadata_of(small_agent())); }

TEST(Metadata, NamesTheAgentAndItsVersion) {
  const auto root = metadata_of(small_agent());
  EXPECT_EQ(root.name, "resource-agent");
  EXPECT_EQ(root.attribute("name"), "echo");
  EXPECT_EQ(root.attribute("version"), "1.2.3");
}

TEST(Metadata, SpeaksVersion11OfTheApi) {
  EXPECT_EQ(metadata_of(small_agent()).only("version").text, "1.1");
}

TEST(Metadata, HasTheElementsInTheOrderOfTheSchema) {
  const auto names_of = [](const XmlElement& element) {
    std::vector<std::string> names;
    for (const auto& child : element.children) {
      names.push_back(child.name);
    }
    return names;
  };
  const auto root = metadata_of(small_agent());
  EXPECT_THAT(names_of(root),
              ElementsAre("version", "longdesc", "shortdesc", "parameters", "actions"));
  EXPECT_THAT(names_of(root.only("parameters").only("parameter")),
              ElementsAre("longdesc", "shortdesc", "content"));
}

TEST(Metadata, DescribesInEnglish) {
  const auto root = metadata_of(small_agent());
  EXPECT_EQ(root.only("shortdesc").text, "Repeats");
  EXPECT_THAT(root.only("longdesc").text, HasSubstr("Repeats what is said."));
  EXPECT_EQ(root.only("shortdesc").attribute("lang"), "en");
  EXPECT_EQ(root.only("longdesc").attribute("lang"), "en");
}

TEST(Metadata, KeepsEverySpecialCharacter) {
  const std::string special = "a < b && c > \"d\" 'e' &amp; ]]> é";
  auto spec = small_agent();
  spec.name = special;
  spec.longdesc = special;
  spec.parameters = {{.name = special,
                      .default_value = special,
                      .unique_group = special,
                      .shortdesc = special,
                      .longdesc = special}};
  spec.actions = {{.name = special, .timeout = special}};
  const auto root = metadata_of(spec);
  const auto parameter = root.only("parameters").only("parameter");
  EXPECT_EQ(root.attribute("name"), special);
  EXPECT_THAT(root.only("longdesc").text, HasSubstr(special));
  EXPECT_EQ(parameter.attribute("name"), special);
  EXPECT_EQ(parameter.attribute("unique-group"), special);
  EXPECT_EQ(parameter.only("shortdesc").text, special);
  EXPECT_THAT(parameter.only("longdesc").text, HasSubstr(special));
  EXPECT_EQ(parameter.only("content").attribute("default"), special);
  EXPECT_EQ(root.only("actions").only("action").attribute("timeout"), special);
}

TEST(AParameter, SaysWhetherItIsRequired) {
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a"}).attribute("required"), "0");
  EXPECT_EQ(
      metadata_of(ParameterSpec{.name = "a", .required = Required::yes}).attribute("required"),
      "1");
}

TEST(AParameter, SaysWhetherItIsReloadable) {
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a"}).attribute("reloadable"), "0");
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a", .reloadable = Reloadable::yes})
                .attribute("reloadable"),
            "1");
}

TEST(AParameter, BelongsToAUniqueGroupOnlyIfItHasOne) {
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a"}).attribute("unique-group"), "(none)");
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a", .unique_group = "g"}).attribute("unique-group"),
            "g");
}

TEST(AParameter, HasAType) {
  const auto type_of = [](ContentType type) {
    return metadata_of(ParameterSpec{.name = "a", .type = type}).only("content").attribute("type");
  };
  EXPECT_EQ(type_of(ContentType::boolean), "boolean");
  EXPECT_EQ(type_of(ContentType::integer), "integer");
  EXPECT_EQ(type_of(ContentType::string), "string");
}

TEST(AParameter, WithoutADefaultHasNoneInTheMetadata) {
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a"}).only("content").attribute("default"), "(none)");
}

TEST(AParameter, MayHaveAnEmptyDefault) {
  EXPECT_EQ(metadata_of(ParameterSpec{.name = "a", .default_value = ""})
                .only("content")
                .attribute("default"),
            "");
}

TEST(AnAction, HasWhatItsRowSays) {
  const auto action = metadata_of(
      ActionSpec{.name = "monitor", .timeout = "30s", .interval = "10s", .depth = "10"});
  EXPECT_EQ(action.attribute("name"), "monitor");
  EXPECT_EQ(action.attribute("timeout"), "30s");
  EXPECT_EQ(action.attribute("interval"), "10s");
  EXPECT_EQ(action.attribute("depth"), "10");
}

TEST(AnAction, ThatDoesNotRecurHasNoInterval) {
  const auto action = metadata_of(ActionSpec{.name = "start", .timeout = "60s"});
  EXPECT_EQ(action.attribute("interval"), "(none)");
  EXPECT_EQ(action.attribute("depth"), "(none)");
}

TEST(TheReference, HasASectionForEachParameterAndARowForEachAction) {
  const auto text = reference_markdown(small_agent());
  EXPECT_THAT(text, HasSubstr("\n### text\n\nWhat is said.\n"));
  EXPECT_THAT(text, HasSubstr("\n| start | 20s |  |  |\n"));
}

TEST(TheReference, SaysWhatAValueMayBe) {
  const auto text = reference_markdown(agent_with(ParameterSpec{.name = "size",
                                                                .options = {"small", "large"},
                                                                .default_value = "small",
                                                                .required = Required::yes}));
  EXPECT_THAT(text, HasSubstr("- required\n"));
  EXPECT_THAT(text, HasSubstr("- one of: `small` `large`\n"));
  EXPECT_THAT(text, HasSubstr("- default: `small`\n"));
}

AgentSpec agent() {
  return {.name = "widget",
          .version = "1.2",
          .shortdesc = "Runs widgets",
          .longdesc = "One.\n\n  an example\n\n.Two \\ -x",
          .parameters = {{.name = "size",
                          .options = {"s", "l"},
                          .default_value = "l",
                          .reloadable = Reloadable::yes,
                          .longdesc = "How large."}},
          .actions = {{.name = "monitor", .timeout = "30s", .interval = "10s", .depth = "10"}}};
}

TEST(TheManualPage, HasItsTitleAndName) {
  EXPECT_THAT(manual_page(agent(), "acme"), StartsWith(".TH OCF_acme_widget 7 "));
  EXPECT_THAT(manual_page(agent(), "acme"), HasSubstr("\nocf_acme_widget \\- Runs widgets\n"));
}

TEST(TheManualPage, HasWhatTheTableHas) {
  const auto page = manual_page(agent(), "acme");
  EXPECT_THAT(page, HasSubstr(".B size\nHow large.\n.br\n(optional; one of s, l; default: l; a "
                              "change needs no restart)\n"));
  EXPECT_THAT(page, HasSubstr(".B monitor\nsuggested timeout 30s, interval 10s, check level 10\n"));
}

TEST(TheManualPage, EscapesTextForRoff) {
  const auto page = manual_page(agent(), "acme");
  EXPECT_THAT(page, HasSubstr(".nf\n  an example\n.fi\n"));
  EXPECT_THAT(page, HasSubstr("\n\\&.Two \\e \\-x\n"));
}

}  // namespace
}  // namespace ocf
