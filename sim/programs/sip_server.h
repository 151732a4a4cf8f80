#pragma once

#include "sim/process/stage.h"
#include "sim/programs/profile.h"

#include <string>
#include <string_view>

namespace sim {

// The server's side of SIP, as far as a client that asks OPTIONS sees it.

// The reply to a request (RFC 3261, section 8.2.6): Via, From, To with a tag, Call-ID and CSeq are
// those of the request. Empty if the request is no SIP message.
[[nodiscard]] std::string reply_to(std::string_view request, const SipReply& reply,
                                   std::string_view server, std::string_view tag);

// Sends all that the behaviour has for this request, the first of which is number 0. False: the
// connection is closed now.
enum class Way { datagram, stream };
[[nodiscard]] Task<bool> answer(Stage& me, Descriptor socket, Way way, std::string request,
                                int number, SipBehaviour behaviour, std::string server);

// Takes what comes on a tcp connection piece by piece and gives it request by request.
class Requests {
 public:
  void append(std::string_view bytes) { bytes_ += bytes; }
  // Empty: not yet.
  [[nodiscard]] std::string next();

 private:
  std::string bytes_;
};

}  // namespace sim
