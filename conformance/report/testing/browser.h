#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace conformance::testing {

// A headless Chromium, controlled through its debugging pipe. Failures of the browser itself are
// std::runtime_error.
class Browser {
 public:
  enum class Scheme { light, dark };

  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // The settings below apply to pages that are opened later.
  void resize(int width, int height);
  void prefer(Scheme scheme);
  void forbid_scripts();

  // Opens a page with this content, and returns when it is loaded. The fragment is the part of its
  // address after '#'.
  void open(const std::string& page, const std::string& fragment = "");

  // The value of an expression, as a string.
  [[nodiscard]] std::string evaluate(const std::string& expression);

  // Types into the focused element.
  void type(const std::string& text);
  void press_tab();

  void point_at(double x, double y);

  // The console output so far, with exceptions and dialogues.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

  // All requested addresses, except those of the pages themselves.
  [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }

 private:
  void start();
  void stop();
  // The reply as JSON; `parameters` is JSON, too.
  std::string command(const std::string& method, const std::string& parameters = "{}");
  void wait_for(const std::string& event);
  std::string read_message();
  void note(const std::string& message);

  std::filesystem::path directory_;
  pid_t pid_ = -1;
  int to_browser_ = -1;
  int from_browser_ = -1;
  std::string received_;
  std::string session_;
  std::string page_address_;
  int last_id_ = 0;
  std::vector<std::string> events_;  // since the last wait
  std::vector<std::string> complaints_;
  std::vector<std::string> requests_;
};

}  // namespace conformance::testing
