#include "sim/calibration/ground.h"

#include <sstream>

namespace calibration {

std::vector<std::string> lines_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

std::string request_to(const Endpoint& at) {
  const std::string transport = at.transport == Transport::udp ? "UDP" : "TCP";
  const bool is_v6 = at.address.find(':') != std::string::npos;
  return "OPTIONS sip:monitor@" + (is_v6 ? "[" + at.address + "]" : at.address) +
         " SIP/2.0\r\n"
         "Via: SIP/2.0/" +
         transport +
         " 127.0.0.1:9;branch=z9hG4bKcalibrate;rport\r\n"
         "From: <sip:calibrate@127.0.0.1>;tag=1\r\n"
         "To: <sip:monitor@127.0.0.1>\r\n"
         "Call-ID: calibrate@127.0.0.1\r\n"
         "CSeq: 1 OPTIONS\r\n"
         "Max-Forwards: 70\r\n"
         "Content-Length: 0\r\n\r\n";
}

}  // namespace calibration
