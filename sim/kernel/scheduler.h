#pragma once

#include "agent/host/clock.h"

#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace sim {

using host::Duration;
using host::TimePoint;

// Virtual time, and the plans for the future. Time passes only during a wait, and then it jumps to
// the next plan.
class Scheduler {
 public:
  using Action = std::function<void()>;

  // Identifies a plan.
  struct Plan {
    TimePoint moment;
    std::uint64_t number = 0;
    friend bool operator<(const Plan& left, const Plan& right) {
      return std::tie(left.moment, left.number) < std::tie(right.moment, right.number);
    }
  };

  // Time since the machine was booted.
  [[nodiscard]] TimePoint now() const { return now_; }

  // Plans run in order of time, and those for the same moment in the order of their creation. A
  // time in the past means now.
  Plan at(TimePoint moment, Action action);
  Plan in(Duration delay, Action action) { return at(now_ + delay, std::move(action)); }

  // Cancels a plan. Cancelling a plan that has run has no effect.
  void cancel(const Plan& plan) { plans_.erase(plan); }

  // Lets time pass until the condition holds or the deadline is reached, and returns whether the
  // condition holds. It is evaluated first, and after each plan. Must not be called from a plan.
  // Throws std::logic_error if plans for the same moment never end, or if nothing is planned and
  // there is no deadline.
  bool pass_until(TimePoint deadline, const std::function<bool()>& condition);
  void pass_until(TimePoint deadline);

 private:
  void carry_out_next();

  TimePoint now_{std::chrono::hours(1)};
  std::map<Plan, Action> plans_;
  std::uint64_t next_number_ = 0;
  int plans_at_this_moment_ = 0;
  bool is_passing_ = false;
};

// Callbacks for changes of an object, such as a socket. A change has no details: look again.
class WaitList {
  struct Waiting {
    std::map<std::uint64_t, std::function<void()>> callbacks;
    std::uint64_t next = 0;
  };

 public:
  // A place in the list, which ends with this object. The object may outlive the list.
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

  // Calls them in the order in which they joined. Those that join meanwhile are not called. A
  // callback creates plans; it must not act, since it runs in the middle of another operation.
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

template <typename T>
class Task;

namespace detail {

// The common part of all promises: when a task ends, the task that awaits it continues.
class PromiseBase {
 public:
  struct ResumeAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <typename Promise>
    [[nodiscard]] std::coroutine_handle<> await_suspend(
        std::coroutine_handle<Promise> ended) const noexcept {
      const auto awaiter = ended.promise().awaiter_;
      return awaiter ? awaiter : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] ResumeAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() { exception_ = std::current_exception(); }

  void set_awaiter(std::coroutine_handle<> awaiter) { awaiter_ = awaiter; }
  void rethrow() const {
    if (exception_) {
      std::rethrow_exception(exception_);
    }
  }

 private:
  std::coroutine_handle<> awaiter_;
  std::exception_ptr exception_;
};

template <typename T>
class Promise : public PromiseBase {
 public:
  Task<T> get_return_object();
  void return_value(T value) { value_ = std::move(value); }
  T result() {
    rethrow();
    return *std::move(value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  Task<void> get_return_object();
  void return_void() const {}
  void result() const { rethrow(); }
};

}  // namespace detail

// A coroutine, written from top to bottom, that can wait. It begins when it is awaited or when
// start() is called. It ends, with all its local objects, at the latest with this object.
//
// GCC 12 evaluates both sides of ?:, && and || if there is a co_await anywhere in the same
// expression, so such an expression gets a line of its own.
template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;  // NOLINT(readability-identifier-naming): the language's

  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { destroy(); }

  // For callers that are not coroutines: runs to the first wait, or to the end.
  void start() const { handle_.resume(); }
  [[nodiscard]] bool is_done() const { return handle_.done(); }
  // The result of a finished task. Throws its exception.
  T result() const { return handle_.promise().result(); }

  // Runs to its first wait immediately. A task that does not wait thus uses no stack; a transfer to
  // it and back would, where the compiler makes no tail calls.
  [[nodiscard]] bool await_ready() const {
    handle_.resume();
    return handle_.done();
  }
  void await_suspend(std::coroutine_handle<> awaiter) const {
    handle_.promise().set_awaiter(awaiter);
  }
  T await_resume() const { return result(); }

 private:
  void destroy() {
    if (handle_) {
      handle_.destroy();
    }
  }

  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <typename T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace detail
class Stage;

// The program of a process; its return value is the exit code. It accesses its machine through a
// Stage, which is declared above the machines.
using Life = std::function<Task<int>(Stage&)>;

}  // namespace sim
