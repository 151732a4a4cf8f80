#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

namespace posix {

// What the main thread is doing that may hang, such as "reading" "/etc/kamailio/kamailio.cfg": put
// one around whatever asks a file system or a name service. The watchdog says it when time is up.
// Costs some nanoseconds: no lock, no memory. An inner activity hides the outer one as long as it
// lasts.
class Activity {
 public:
  Activity(std::string_view verb, std::string_view subject);
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;
  ~Activity();

 private:
  std::size_t former_size_;
};

// What is being done now, as in "reading /etc/kamailio/kamailio.cfg"; empty if nothing is noted. Of
// any thread: a text that changes meanwhile may come mixed, but never endless.
class ActivityText {
 public:
  ActivityText();
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  static constexpr std::size_t longest = 256;
  std::array<char, longest> text_ = {};
  std::size_t size_ = 0;
};

}  // namespace posix
