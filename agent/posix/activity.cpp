#include "agent/posix/activity.h"

#include <algorithm>

namespace posix {
namespace {

// The texts of all nested activities, each after a line end.
constexpr std::size_t room = 1024;
std::array<std::atomic<char>, room> texts = {};
std::atomic<std::size_t> texts_size = 0;

constexpr char separator = '\n';

void append(std::string_view text, std::size_t& size) {
  for (const char byte : text) {
    if (size < room) {
      texts.at(size++).store(byte, std::memory_order_relaxed);
    }
  }
}

}  // namespace

Activity::Activity(std::string_view verb, std::string_view subject)
    : former_size_(texts_size.load(std::memory_order_relaxed)) {
  std::size_t size = former_size_;
  append({&separator, 1}, size);
  append(verb, size);
  append(" ", size);
  append(subject, size);
  texts_size.store(size, std::memory_order_release);
}

Activity::~Activity() { texts_size.store(former_size_, std::memory_order_release); }

ActivityText::ActivityText() {
  const std::size_t end = texts_size.load(std::memory_order_acquire);
  std::size_t begin = end;
  while (begin > 0 && texts.at(begin - 1).load(std::memory_order_relaxed) != separator) {
    --begin;
  }
  for (std::size_t i = begin; i < std::min(end, begin + longest); ++i) {
    text_.at(size_++) = texts.at(i).load(std::memory_order_relaxed);
  }
}

}  // namespace posix
