#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sim {

// Bytes that wait in a row. What is taken costs no more than its own size, and so does what stays,
// once in a while.
class Bytes {
 public:
  [[nodiscard]] std::size_t size() const { return bytes_.size() - taken_; }
  [[nodiscard]] bool is_empty() const { return size() == 0; }

  void append(std::string_view bytes) { bytes_.append(bytes); }

  [[nodiscard]] std::string take(std::size_t limit) {
    if (taken_ == 0 && limit >= bytes_.size()) {
      return std::exchange(bytes_, {});
    }
    auto result = bytes_.substr(taken_, limit);
    taken_ += result.size();
    if (taken_ >= bytes_.size() - taken_) {
      bytes_.erase(0, std::exchange(taken_, 0));
    }
    return result;
  }

  // Forgets all but the first ones.
  void keep(std::size_t count) { bytes_.resize(taken_ + std::min(count, size())); }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

}  // namespace sim
