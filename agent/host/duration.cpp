#include "agent/host/duration.h"

#include <chrono>

namespace host {

std::string in_seconds(Duration duration) {
  if (duration < std::chrono::milliseconds(1000)) {
    return std::to_string(std::chrono::round<std::chrono::milliseconds>(duration).count()) + " ms";
  }
  const auto tenths = std::chrono::round<std::chrono::duration<long, std::deci>>(duration).count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace host
