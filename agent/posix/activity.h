#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

namespace posix {

// A call of the main thread that may hang, such as "reading" "/etc/kamailio/kamailio.cfg". Create
// one around each call that uses a file system or a name service: the watchdog reports it when the
// time is up. It costs some nanoseconds: no lock, no memory. An inner activity hides the outer one
// while it lasts.
class Activity {
 public:
  Activity(std::string_view verb, std::string_view subject);
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;
  ~Activity();

 private:
  std::size_t former_size_;
};

// The current activity, such as "reading /etc/kamailio/kamailio.cfg"; empty if there is none. Any
// thread may read it: a text that changes meanwhile may be a mixture, but its length is limited.
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
