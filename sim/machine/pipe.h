#pragma once

#include "sim/kernel/scheduler.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sim {

// pipe(7), also behind a FIFO. It has a read end and a write end; processes that share an end hold
// the same PipeEnd.
class Pipe {
 public:
  static constexpr std::size_t capacity = 64UL * 1024;

  // Writes as much as there is room for, and returns the number of bytes.
  std::size_t write(std::string_view bytes) {
    const auto size = std::min(bytes.size(), capacity - bytes_.size());
    if (size > 0) {
      bytes_.append(bytes.substr(0, size));
      changes_.notify();
    }
    return size;
  }

  [[nodiscard]] std::string read_all() {
    auto bytes = std::exchange(bytes_, {});
    if (!bytes.empty()) {
      changes_.notify();
    }
    return bytes;
  }

  [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
  [[nodiscard]] bool is_full() const { return bytes_.size() >= capacity; }
  [[nodiscard]] int readers() const { return readers_; }
  [[nodiscard]] int writers() const { return writers_; }
  [[nodiscard]] const WaitList& changes() const { return changes_; }
  [[nodiscard]] WaitList& changes() { return changes_; }

 private:
  friend class PipeEnd;

  std::string bytes_;
  int readers_ = 0;
  int writers_ = 0;
  WaitList changes_;
};

// Open as long as it is referenced.
class PipeEnd {
 public:
  enum class Use { reading, writing };

  PipeEnd(std::shared_ptr<Pipe> pipe, Use use) : pipe_(std::move(pipe)), use_(use) {
    ++users();
    pipe_->changes_.notify();
  }
  PipeEnd(const PipeEnd&) = delete;
  PipeEnd& operator=(const PipeEnd&) = delete;
  ~PipeEnd() {
    --users();
    pipe_->changes_.notify();
  }

  [[nodiscard]] Pipe& pipe() const { return *pipe_; }
  [[nodiscard]] Use use() const { return use_; }

 private:
  [[nodiscard]] int& users() const {
    return use_ == Use::reading ? pipe_->readers_ : pipe_->writers_;
  }

  std::shared_ptr<Pipe> pipe_;
  Use use_;
};

}  // namespace sim
