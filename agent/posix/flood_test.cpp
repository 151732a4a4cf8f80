// Peers that send without pause over real sockets.

#include "agent/exchange/exchange.h"
#include "agent/posix/clock.h"
#include "agent/posix/network.h"
#include "agent/posix/random.h"
#include "agent/posix/testing/socket_peer.h"
#include "agent/posix/testing/test_directory.h"
#include "agent/rpc/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace posix {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class FloodTest : public ::testing::Test {
 protected:
  // Sends a request to a peer that then sends these bytes again and again. Returns the error.
  std::string ask_peer_that_repeats(testing::Way way, const std::string& bytes) {
    constexpr auto deadline = 300ms;
    constexpr auto soon = 3s;  // on a busy machine
    testing::SocketPeer peer(way, directory_.path() + "/socket");
    PosixRandom random;
    rpc::Calls calls(peer.endpoint(), {{.method = "core.psx"}}, random);
    FloodedCalls flooded(calls, peer, bytes);
    exchange::Exchange* const exchange = &flooded;
    PosixClock clock;
    const auto begin = clock.now();
    {
      PosixNetwork network;
      exchange::hold(network, clock, {&exchange, 1}, begin + deadline);
    }
    EXPECT_LT(clock.now() - begin, deadline + soon);
    return calls.failure() ? calls.failure()->text : "";
  }

 private:
  // Calls whose peer begins to send after the first request.
  class FloodedCalls final : public exchange::Exchange {
   public:
    FloodedCalls(rpc::Calls& calls, testing::SocketPeer& peer, std::string bytes)
        : calls_(calls), peer_(peer), bytes_(std::move(bytes)) {}
    FloodedCalls(const FloodedCalls&) = delete;
    FloodedCalls& operator=(const FloodedCalls&) = delete;
    ~FloodedCalls() override {
      is_finished_ = true;
      flood_.join();
    }

    [[nodiscard]] host::Endpoint peer() const override { return calls_.peer(); }
    void begin(const exchange::Line& line, host::TimePoint now) override {
      calls_.begin(line, now);
      if (!host::is_stream(peer().kind)) {
        (void)peer_.take_datagram();
      }
      flood_ = std::thread([this] { flood(); });
    }
    void receive(const exchange::Line& line, std::string_view bytes, host::TimePoint now) override {
      calls_.receive(line, bytes, now);
    }
    [[nodiscard]] std::optional<host::TimePoint> wakes_at() const override {
      return calls_.wakes_at();
    }
    void wake(const exchange::Line& line, host::TimePoint now) override { calls_.wake(line, now); }
    void fail(const host::Error& error) override { calls_.fail(error); }
    [[nodiscard]] bool is_over() const override { return calls_.is_over(); }

   private:
    void flood() {
      for (std::size_t sent = 0; !is_finished_;) {
        sent = (sent + peer_.send_some(std::string_view(bytes_).substr(sent))) % bytes_.size();
      }
    }

    rpc::Calls& calls_;
    testing::SocketPeer& peer_;
    std::string bytes_;
    std::atomic<bool> is_finished_ = false;
    std::thread flood_;
  };

  testing::TestDirectory directory_;
};

// A binrpc reply with the cookie 7, which no call has.
std::string foreign_reply(const std::string& body) {
  const auto size = body.size();
  std::string reply("\xA1\x1C", 2);
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    reply += static_cast<char>(size >> shift & 0xFFU);
  }
  return reply + '\x07' + body;
}

TEST_F(FloodTest, OfSmallRepliesToOthersEndsAtTheDeadline) {
  std::string many;
  for (int reply = 0; reply < 10'000; ++reply) {
    many += foreign_reply("");
  }
  EXPECT_THAT(ask_peer_that_repeats(testing::Way::unix_stream, many),
              HasSubstr("no answer within"));
}

TEST_F(FloodTest, OfLargeRepliesToOthersEndsAtTheDeadline) {
  EXPECT_THAT(
      ask_peer_that_repeats(testing::Way::unix_stream, foreign_reply(std::string(60'000, '\0'))),
      HasSubstr("no answer within"));
}

TEST_F(FloodTest, OfDatagramsEndsAtTheDeadline) {
  EXPECT_THAT(ask_peer_that_repeats(testing::Way::unix_datagram, std::string(100'000, '[')),
              HasSubstr("no answer within"));
}

}  // namespace
}  // namespace posix
