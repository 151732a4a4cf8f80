#include "conformance/report/reports.h"
#include "conformance/report/testing/browser.h"
#include "conformance/report/testing/sample_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace conformance {
namespace {

using ::testing::AllOf;
using testing::Browser;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Verifies the basis of the other tests: the browser reports errors.

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

// The page in a real browser.

const std::string visible_rows =
    "[...document.querySelectorAll('tr[data-verdicts]')].filter(row => row.checkVisibility())"
    ".map(row => row.querySelector('.name').textContent).join()";
const std::string visible_failures =
    "[...document.querySelectorAll('article')].filter(article => article.checkVisibility())"
    ".map(article => article.dataset.verdict).join()";

const std::string visible_topics =
    "[...document.querySelectorAll('.topic')].filter(topic => topic.checkVisibility())"
    ".map(topic => topic.textContent).join()";

class PageTest : public ::testing::Test {
 protected:
  void open(const std::string& fragment = "") {
    browser_.open(html_text(testing::sample_run()), fragment);
  }
  std::string value(const std::string& expression) { return browser_.evaluate(expression); }

  void expect_peace() const {
    EXPECT_THAT(browser_.complaints(), IsEmpty());
    EXPECT_THAT(browser_.requests(), IsEmpty());
  }

  Browser& browser() { return browser_; }

 private:
  Browser browser_;
};

TEST_F(PageTest, ShowsAllAtFirst) {
  open();
  EXPECT_EQ(value(visible_rows),
            "stop-of-orphans/builtin,stop-twice/builtin,monitor-at-level-0,"
            "monitor-of-a-frozen-server/sipsak");
  EXPECT_EQ(value(visible_failures), "failed,warned");
  EXPECT_EQ(value("count.value"), "4 of 4 checks");
  expect_peace();
}

TEST_F(PageTest, OpensFilteredByItsAddress) {
  open("filter=Orphans%20builtin");
  EXPECT_EQ(value(visible_rows), "stop-of-orphans/builtin");
  EXPECT_EQ(value(visible_failures), "failed");
  EXPECT_EQ(value("words.value"), "Orphans builtin");
  EXPECT_EQ(value(visible_topics), "Stop");
  expect_peace();
}

TEST_F(PageTest, FiltersByVerdict) {
  open("verdict=warned");
  EXPECT_EQ(value(visible_rows), "monitor-at-level-0");
  EXPECT_EQ(value(visible_failures), "warned");
  open("verdict=differs");
  EXPECT_EQ(value(visible_rows), "stop-of-orphans/builtin,monitor-at-level-0");
  open("verdict=nonsense&filter=twice");
  EXPECT_EQ(value(visible_rows), "stop-twice/builtin");
  expect_peace();
}

TEST_F(PageTest, FiltersByWhatIsTypedAndKeepsItInTheAddress) {
  open();
  value("words.focus()");
  browser().type("ocf.levels");
  EXPECT_EQ(value(visible_rows), "monitor-at-level-0");
  EXPECT_EQ(value("location.hash"), "#filter=ocf.levels");
  browser().type(" and nothing else");
  EXPECT_EQ(value(visible_rows), "");
  EXPECT_EQ(value("count.value"), "0 of 4 checks");
  expect_peace();
}

TEST_F(PageTest, ShowsAFailureThatIsLinkedTo) {
  open("f1");
  EXPECT_EQ(value("f1.open"), "true");
  // A filter does not hide the target of a link.
  open("filter=twice");
  EXPECT_EQ(value(visible_failures), "");
  value("location.hash = '#f1'");
  EXPECT_EQ(value("new Promise(resolve => setTimeout(resolve))"), "[object Promise]");
  EXPECT_EQ(value(visible_failures), "failed,warned");
  expect_peace();
}

TEST_F(PageTest, SaysWhatAMarkIsWithTheKeyboardAndWithThePointer) {
  open();
  value("document.querySelector('#f1').open = true");
  value("document.querySelector('#f1 summary').focus()");
  browser().press_tab();
  EXPECT_EQ(value("document.querySelector('#f1 .hint').textContent"), "0.000 s cluster: start one");
  EXPECT_EQ(value("document.querySelector('#f1 .here').cells[2].textContent"), "start one");

  value("document.querySelector('#f1 svg').scrollIntoView({block: 'center'})");
  const std::string mark =
      "[...document.querySelectorAll('#f1 svg a')].at(-1).querySelector('circle')"
      ".getBoundingClientRect()";
  browser().point_at(std::stod(value(mark + ".x")) + 5, std::stod(value(mark + ".y")) + 5);
  EXPECT_THAT(value("document.querySelector('#f1 .hint').textContent"),
              HasSubstr("ends by SIGKILL"));
  expect_peace();
}

TEST_F(PageTest, FitsOnAPhone) {
  browser().resize(360, 740);
  for (const auto& run : {testing::sample_run(), testing::run_of_text(testing::hostile_text()),
                          testing::run_of_text(std::string(3000, 'x')), testing::large_run(30)}) {
    browser().open(html_text(run));
    value("document.querySelectorAll('details').forEach(one => one.open = true)");
    EXPECT_EQ(value("document.documentElement.scrollWidth"), "360");
  }
  expect_peace();
}

TEST_F(PageTest, TakesNoTextForMarkup) {
  browser().open(html_text(testing::run_of_text(testing::hostile_text())));
  EXPECT_EQ(value("document.scripts.length"), "1");
  EXPECT_EQ(value("document.images.length"), "0");
  EXPECT_THAT(value("document.querySelector('h1').textContent"),
              AllOf(HasSubstr("<script>alert(1)</script>"), HasSubstr("]]>"), HasSubstr("世界")));
  expect_peace();
}

TEST_F(PageTest, CanBeReadWithoutScripts) {
  browser().forbid_scripts();
  open("filter=orphans");
  EXPECT_EQ(value("document.querySelectorAll('tr[data-verdicts]').length"), "4");
  EXPECT_EQ(value(visible_failures), "failed,warned");
  EXPECT_EQ(value("document.getElementById('filter').checkVisibility()"), "false");
  expect_peace();
}

TEST_F(PageTest, FiltersOnAPhoneAsWell) {
  browser().resize(360, 740);
  open("filter=orphans");
  EXPECT_EQ(value(visible_rows), "stop-of-orphans/builtin");
  EXPECT_EQ(value(visible_topics), "Stop");
  expect_peace();
}

// The contrast of each text with its background; WCAG 2 requires 4.5.
TEST_F(PageTest, CanBeReadByDayAndByNight) {
  const std::string pale = R"js((() => {
    const parts = (color) => color.match(/[\d.]+/g).map(Number);
    const light = (color) => {
      const [r, g, b] = parts(color).map((part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
      for (; element; element = element.parentElement) {
        const color = getComputedStyle(element).backgroundColor;
        if (parts(color)[3] !== 0) {
          return color;
        }
      }
      return "rgb(255, 255, 255)";
    };
    const found = [];
    for (const element of document.body.querySelectorAll("*:not(svg *, script, title)")) {
      const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!says) {
        continue;
      }
      const pair = [light(getComputedStyle(element).color), light(ground(element))];
      const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (contrast < 4.5) {
        found.push(element.outerHTML.slice(0, 80) + " " + contrast);
      }
    }
    return found.join("\n");
  })())js";
  for (const auto scheme : {Browser::Scheme::light, Browser::Scheme::dark}) {
    browser().prefer(scheme);
    open("f1e3");
    EXPECT_EQ(value(pale), "");
  }
  EXPECT_EQ(value("getComputedStyle(document.body).backgroundColor"), "rgb(20, 23, 26)");
}

}  // namespace
}  // namespace conformance
