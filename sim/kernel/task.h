#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace sim {

template <typename T>
class Task;

namespace detail {

// What the promises of all tasks have in common: whoever awaits a task goes on when it ends.
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

// A story, told from top to bottom, that can wait. It begins when somebody awaits it or start() is
// called, and its end, with all its local objects, comes with this object at the latest.
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

  // For whoever is no coroutine: runs to the first wait, or to the end.
  void start() const { handle_.resume(); }
  [[nodiscard]] bool is_done() const { return handle_.done(); }
  // Of one that is done. Throws what it has thrown.
  T result() const { return handle_.promise().result(); }

  // Runs to its first wait at once. So one that does not wait costs no stack, which a transfer to
  // it and back does where the compiler makes no tail calls.
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

}  // namespace sim
