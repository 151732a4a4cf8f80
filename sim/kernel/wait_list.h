#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace sim {

// Those who want to be told when something changes, such as a socket. A change says no more than:
// look again.
class WaitList {
  struct Waiting {
    std::map<std::uint64_t, std::function<void()>> callbacks;
    std::uint64_t next = 0;
  };

 public:
  // A place in the list, which ends with this object. It may outlive the list.
  class Place {
   public:
    Place() = default;
    Place(std::weak_ptr<Waiting> waiting, std::uint64_t number)
        : waiting_(std::move(waiting)), number_(number) {}
    Place(Place&& other) noexcept = default;
    Place& operator=(Place&& other) noexcept {
      leave();
      waiting_ = std::move(other.waiting_);
      number_ = other.number_;
      return *this;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { leave(); }

   private:
    void leave() {
      if (const auto waiting = waiting_.lock()) {
        waiting->callbacks.erase(number_);
      }
    }

    std::weak_ptr<Waiting> waiting_;
    std::uint64_t number_ = 0;
  };

  [[nodiscard]] Place join(std::function<void()> on_change) {
    const auto number = waiting_->next++;
    waiting_->callbacks.emplace(number, std::move(on_change));
    return {waiting_, number};
  }

  // In the order in which they joined. Those who join meanwhile are not told any more. A callback
  // makes plans; it must not act, since it is called in the middle of what somebody else does.
  void notify() const {
    const auto waiting = waiting_;
    const auto end = waiting->next;
    for (auto next = waiting->callbacks.begin();
         next != waiting->callbacks.end() && next->first < end;) {
      const auto number = next->first;
      const auto callback = next->second;
      callback();
      next = waiting->callbacks.upper_bound(number);
    }
  }

 private:
  std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
};

}  // namespace sim
