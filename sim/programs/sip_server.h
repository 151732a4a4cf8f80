#pragma once

#include "sim/process/stage.h"
#include "sim/programs/profile.h"

#include <string>
#include <string_view>

namespace sim {

// The server side of SIP, as a client that sends OPTIONS sees it.

// The reply to a request (RFC 3261, section 8.2.6): Via, From, To with a tag, Call-ID and CSeq are
// those of the request. Empty if the request is not a SIP message.
[[nodiscard]] std::string reply_to(std::string_view request, const SipReply& reply,
                                   std::string_view server, std::string_view tag);

// Sends the replies of the behaviour to this request; the first request has number 0. Returns false
// if it has closed the connection.
enum class Way { datagram, stream };
[[nodiscard]] Task<bool> answer(Stage& me, Descriptor socket, Way way, std::string request,
                                int number, SipBehaviour behaviour, std::string server);

// Splits the data of a TCP connection into requests.
class Requests {
 public:
  void append(std::string_view bytes) { bytes_ += bytes; }
  // The next request; empty if it is not complete yet.
  [[nodiscard]] std::string next();

 private:
  std::string bytes_;
};

}  // namespace sim
