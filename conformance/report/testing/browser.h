#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace conformance::testing {

// A Chromium without a window, told what to do over its debugging pipe. Whatever goes wrong with
// the browser itself is a std::runtime_error.
class Browser {
 public:
  enum class Scheme { light, dark };

  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // What follows holds for pages that are opened later.
  void resize(int width, int height);
  void prefer(Scheme scheme);
  void forbid_scripts();

  // Opens a page that is made of this text, and returns when it is there. The fragment is what
  // stands behind '#' in its address.
  void open(const std::string& page, const std::string& fragment = "");

  // The value of an expression, as a string.
  [[nodiscard]] std::string evaluate(const std::string& expression);

  // As from the keyboard, into what has the focus.
  void type(const std::string& text);
  void press_tab();

  void point_at(double x, double y);

  // What the browser has said on its console so far, exceptions and dialogues included.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

  // All addresses that it has asked for, but for those of the pages themselves.
  [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }

 private:
  void start();
  void stop();
  // What was answered, as JSON; `parameters` is JSON, too.
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
  std::vector<std::string> events_;  // since they were last waited for
  std::vector<std::string> complaints_;
  std::vector<std::string> requests_;
};

}  // namespace conformance::testing
