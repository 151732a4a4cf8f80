#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace live {

// What a responder does next, some time after what it did before.
struct Act {
  std::chrono::milliseconds after{0};
  std::string bytes = {};
  bool closes = false;  // ends the TCP connection, behind the bytes
};

// What it does on each request that comes.
using Behaviour = std::function<std::vector<Act>(std::string_view request)>;

// A SIP server at 127.0.0.1, on UDP and TCP, that takes requests and acts on them until the end of
// the scope. It knows nothing of SIP but where a request ends.
class Responder {
 public:
  Responder(int port, Behaviour behaviour);
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

// A whole response to a request, with the header fields that RFC 3261, section 8.2.6.2, demands.
[[nodiscard]] std::string response_to(std::string_view request, const std::string& status,
                                      const std::string& further_fields = "",
                                      const std::string& body = "");

}  // namespace live
