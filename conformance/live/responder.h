#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace live {

// The next action of a responder, some time after the previous one.
struct Act {
  std::chrono::milliseconds after{0};
  std::string bytes = {};
  bool closes = false;  // closes the TCP connection after the bytes
};

// The actions for each request.
using Behaviour = std::function<std::vector<Act>(std::string_view request)>;

// A SIP server at 127.0.0.1, on UDP and TCP, that reads requests and performs actions for them
// until the end of the scope. It parses only where a request ends.
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

// A complete response to a request, with the header fields of RFC 3261, section 8.2.6.2.
[[nodiscard]] std::string response_to(std::string_view request, const std::string& status,
                                      const std::string& further_fields = "",
                                      const std::string& body = "");

}  // namespace live
