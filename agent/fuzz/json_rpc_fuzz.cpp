// Feeds any bytes as a JSON-RPC reply, and reads the value in it.

#include "agent/fuzz/invariant.h"
#include "agent/fuzz/reply_invariants.h"
#include "agent/fuzz/target.h"
#include "agent/rpc/json_rpc.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = fuzz::text_of(data, size);
  const auto reply = rpc::read_json_reply(document);
  const auto same = rpc::read_json_reply(std::string(document) + "\n");
  fuzz::require(reply.has_value() == same.has_value(), "white space behind a document is nothing");
  if (!reply) {
    fuzz::require(!reply.error().text.empty(), "an error has words");
    return 0;
  }
  fuzz::require(reply->call == same->call && reply->value == same->value,
                "white space behind a document changes nothing");
  fuzz::check_reply(*reply, size);
  return 0;
}
