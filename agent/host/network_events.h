#pragma once

#include "agent/host/network.h"

#include <deque>
#include <type_traits>
#include <utility>
#include <variant>

namespace host {

// What has happened in the conversations of a Network and has not been taken yet, in order.
class NetworkEvents {
 public:
  void push(NetworkEvent event) { events_.push_back(std::move(event)); }

  // Silence if there is none.
  [[nodiscard]] NetworkEvent take() {
    if (events_.empty()) {
      return Silence{};
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  [[nodiscard]] bool is_empty() const { return events_.empty(); }

  // Those that speak of the conversation.
  void forget(Conversation conversation) {
    std::erase_if(events_, [&](const NetworkEvent& event) {
      const auto speaks_of_it = [&](const auto& happened) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(happened)>, Silence>) {
          return happened.conversation == conversation;
        }
        return false;
      };
      return std::visit(speaks_of_it, event);
    });
  }

 private:
  std::deque<NetworkEvent> events_;
};

}  // namespace host
