#include "agent/ocf/manual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ocf {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

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

TEST(TheManualPage, HasTextsThatRoffDoesNotTakeForItsOwn) {
  const auto page = manual_page(agent(), "acme");
  EXPECT_THAT(page, HasSubstr(".nf\n  an example\n.fi\n"));
  EXPECT_THAT(page, HasSubstr("\n\\&.Two \\e \\-x\n"));
}

}  // namespace
}  // namespace ocf
