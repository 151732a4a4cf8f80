#pragma once

#include "agent/host/result.h"
#include "sim/calibration/situation.h"

#include <memory>
#include <thread>

namespace calibration {

// A responder on a real socket, from its beginning until the end of its life.
class RealResponder {
 public:
  [[nodiscard]] static host::Result<std::unique_ptr<RealResponder>> begin(
      const Responder& responder);

  RealResponder(int socket, const Responder& responder);
  RealResponder(const RealResponder&) = delete;
  RealResponder& operator=(const RealResponder&) = delete;
  ~RealResponder();

 private:
  int socket_;
  std::jthread thread_;
};

}  // namespace calibration
