// Feeds any bytes as a stream of binrpc replies, and reads the replies in it.

#include "agent/fuzz/invariant.h"
#include "agent/fuzz/pieces.h"
#include "agent/fuzz/reply_invariants.h"
#include "agent/fuzz/target.h"
#include "agent/rpc/binrpc.h"
#include "agent/rpc/value.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

bool are_same(const rpc::Reply& left, const rpc::Reply& right) {
  return left.call == right.call && left.value == right.value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t shortest_reply = 4;
  const auto bytes = fuzz::text_of(data, size);
  const auto given = fuzz::read_all<rpc::Reply>(rpc::BinrpcStream(), fuzz::whole(bytes));
  const auto in_pieces = fuzz::read_all<rpc::Reply>(rpc::BinrpcStream(), fuzz::pieces_of(bytes));
  fuzz::require(std::ranges::equal(given.items, in_pieces.items, are_same),
                "replies are the same however they arrive");
  fuzz::require(given.error == in_pieces.error, "a stream fails however it arrives");
  fuzz::require(given.items.size() <= size / shortest_reply, "no reply comes from nothing");

  for (const auto& reply : given.items) {
    fuzz::check_reply(reply, size);
    fuzz::require(!reply.value || fuzz::Survey(*reply.value).least() >= 0, "integers are unsigned");
  }
  return 0;
}
