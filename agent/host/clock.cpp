#include "agent/host/clock.h"

#include <chrono>

namespace host {

std::string in_seconds(Duration duration) {
  auto milliseconds = std::chrono::round<std::chrono::milliseconds>(duration).count();
  if (milliseconds >= 100) {
    milliseconds = (milliseconds + 5) / 10 * 10;
  }
  if (milliseconds < 1000) {
    return std::to_string(milliseconds) + " ms";
  }
  const auto tenths = std::chrono::round<std::chrono::duration<long, std::deci>>(duration).count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace host
