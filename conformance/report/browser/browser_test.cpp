#include "conformance/report/testing/browser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What the tests of the page rely on: the browser that they ask would have told.

namespace conformance::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(BrowserTest, TellsWhatAPageAsksFor) {
  Browser browser;
  browser.open("<img src='http://127.0.0.1:9/picture'>");
  EXPECT_THAT(browser.requests(), ElementsAre("http://127.0.0.1:9/picture"));
}

TEST(BrowserTest, TellsWhatAPageComplainsOf) {
  Browser browser;
  browser.open("<script>console.log('said'); alert('asked'); nowhere();</script>");
  EXPECT_THAT(browser.complaints(), ElementsAre(HasSubstr("said"), HasSubstr("asked"),
                                                HasSubstr("nowhere is not defined")));
}

TEST(BrowserTest, TellsThatAPageIsTooWide) {
  Browser browser;
  browser.resize(360, 740);
  browser.open("<meta name=viewport content='width=device-width'><p style='width: 500px'>wide");
  EXPECT_EQ(browser.evaluate("document.documentElement.scrollWidth > innerWidth ||"
                             "document.documentElement.scrollWidth > 360"),
            "true");
}

TEST(BrowserTest, RunsNoScriptOfAPageIfItIsTold) {
  Browser browser;
  browser.forbid_scripts();
  browser.open("<p id=a>before</p><script>a.textContent = 'after'</script>");
  EXPECT_EQ(browser.evaluate("document.getElementById('a').textContent"), "before");
  EXPECT_THAT(browser.complaints(), IsEmpty());
}

}  // namespace
}  // namespace conformance::testing
