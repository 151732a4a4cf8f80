#pragma once

#include "agent/host/network.h"
#include "agent/host/testing/fake_clock.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace host::testing {

class FakeNetwork;

// The peer's side of one conversation.
class FakeTalk {
 public:
  FakeTalk(FakeNetwork& network, Conversation conversation)
      : network_(network), conversation_(conversation) {}

  void connect(Duration after = {}) const;
  void answer(const std::string& bytes, Duration after = {}) const;
  void end(const std::string& why, Duration after = {}) const;

 private:
  FakeNetwork& network_;
  Conversation conversation_;
};

// The behaviour of a peer. A stream connects at once by default.
struct FakePeer {
  std::optional<Error> cannot_be_opened = std::nullopt;
  std::function<void(const FakeTalk&)> on_open = [](const FakeTalk& talk) { talk.connect(); };
  std::function<void(const FakeTalk&, std::string_view)> on_bytes =
      [](const FakeTalk& /*talk*/, std::string_view /*bytes*/) {};
};

// The network of one machine in memory: each conversation comes from 192.0.2.9 and a port of its
// own. Nobody listens where no peer was added.
class FakeNetwork final : public Network {
 public:
  explicit FakeNetwork(FakeClock& clock) : clock_(clock) {}

  void put(const Endpoint& endpoint, FakePeer peer) {
    peers_.insert_or_assign(name_of(endpoint), std::move(peer));
  }
  // Everything that was sent, and when, since the beginning.
  struct Sent {
    TimePoint at;
    Endpoint to;
    std::string bytes;
  };
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  [[nodiscard]] int open_conversations() const { return static_cast<int>(talks_.size()); }

  [[nodiscard]] Result<Conversation> open(const Endpoint& endpoint) override {
    const auto peer = peers_.find(name_of(endpoint));
    const bool is_unix = is_file(endpoint);
    if (peer == peers_.end() && is_unix) {
      return tl::unexpected(Error{.kind = ErrorKind::not_found,
                                  .text = endpoint.address + ": No such file or directory"});
    }
    if (peer != peers_.end() && peer->second.cannot_be_opened) {
      return tl::unexpected(*peer->second.cannot_be_opened);
    }
    const Conversation conversation{next_++};
    talks_.emplace(conversation, endpoint);
    if (!is_stream(endpoint.kind)) {
      can_send_.insert(conversation);
    }
    if (peer == peers_.end()) {
      if (endpoint.kind == Endpoint::Kind::tcp) {
        happen(Ended{.conversation = conversation, .error = refused(endpoint)}, {});
      }
    } else if (is_stream(endpoint.kind)) {
      peer->second.on_open({*this, conversation});
    }
    return conversation;
  }

  [[nodiscard]] Result<Endpoint> local_endpoint(Conversation conversation) const override {
    const auto talk = talks_.find(conversation);
    if (talk == talks_.end() || is_file(talk->second)) {
      return tl::unexpected(Error{.text = "no address"});
    }
    return Endpoint{.kind = talk->second.kind,
                    .address = "192.0.2.9",
                    .port = static_cast<std::uint16_t>(40000 + static_cast<int>(conversation))};
  }

  [[nodiscard]] Result<void> send(Conversation conversation, std::string_view bytes) override {
    const auto talk = talks_.find(conversation);
    if (talk == talks_.end() || !can_send_.contains(conversation)) {
      return tl::unexpected(Error{.text = "the conversation is over, or not connected yet"});
    }
    const Endpoint endpoint = talk->second;
    sent_.push_back({.at = clock_.now(), .to = endpoint, .bytes = std::string(bytes)});
    if (const auto peer = peers_.find(name_of(endpoint)); peer != peers_.end()) {
      peer->second.on_bytes({*this, conversation}, bytes);
    } else {
      happen(Ended{.conversation = conversation, .error = refused(endpoint)}, {});
    }
    return {};
  }

  [[nodiscard]] NetworkEvent next(TimePoint deadline) override {
    clock_.pass_until(deadline, [this] { return !events_.is_empty(); });
    return events_.take();
  }

  // From now on, these are bound beside the server at each address, or the call fails.
  void put_rivals(Result<std::vector<Rival>> rivals) { rivals_ = std::move(rivals); }

  // From now on, these have each port, or the call fails.
  void put_holders(Result<std::vector<Rival>> holders) { holders_ = std::move(holders); }

  [[nodiscard]] Result<std::vector<Rival>> holders(Endpoint::Kind /*kind*/,
                                                   std::uint16_t port) override {
    EXPECT_NE(port, 0);
    return holders_;
  }

  [[nodiscard]] Result<std::vector<Rival>> rivals(const ProcessId& /*owner*/,
                                                  std::uint16_t /*port*/) override {
    return rivals_;
  }

  void close(Conversation conversation) override {
    talks_.erase(conversation);
    events_.forget(conversation);
  }

  void happen(NetworkEvent event, Duration after) {
    clock_.in(after, [this, event = std::move(event)] {
      for (const auto& [conversation, endpoint] : talks_) {
        if (speaks_of(event, conversation)) {
          events_.push(event);
          if (std::holds_alternative<Connected>(event)) {
            can_send_.insert(conversation);
          } else if (std::holds_alternative<Ended>(event)) {
            can_send_.erase(conversation);
          }
        }
      }
    });
  }

 private:
  static bool is_file(const Endpoint& endpoint) {
    return endpoint.kind == Endpoint::Kind::unix_datagram ||
           endpoint.kind == Endpoint::Kind::unix_stream;
  }
  static std::string name_of(const Endpoint& endpoint) {
    return std::to_string(static_cast<int>(endpoint.kind)) + " " + endpoint.address + " " +
           std::to_string(endpoint.port);
  }
  static Error refused(const Endpoint& endpoint) {
    return {.text =
                endpoint.address + ":" + std::to_string(endpoint.port) + ": Connection refused"};
  }
  static bool speaks_of(const NetworkEvent& event, Conversation conversation) {
    return std::visit(
        [&](const auto& happened) {
          if constexpr (requires { happened.conversation; }) {
            return happened.conversation == conversation;
          }
          return false;
        },
        event);
  }

  FakeClock& clock_;
  std::map<std::string, FakePeer> peers_;
  std::map<Conversation, Endpoint> talks_;
  std::set<Conversation> can_send_;
  Result<std::vector<Rival>> rivals_;
  Result<std::vector<Rival>> holders_;
  NetworkEvents events_;
  std::vector<Sent> sent_;
  int next_ = 0;
};

inline void FakeTalk::connect(Duration after) const {
  network_.happen(Connected{.conversation = conversation_}, after);
}
inline void FakeTalk::answer(const std::string& bytes, Duration after) const {
  network_.happen(Received{.conversation = conversation_, .bytes = bytes}, after);
}
inline void FakeTalk::end(const std::string& why, Duration after) const {
  network_.happen(Ended{.conversation = conversation_, .error = {.text = why}}, after);
}

}  // namespace host::testing
