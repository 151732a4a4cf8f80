#include "sim/world/file_faults.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

bool covers(const std::string& place, FileFault::Reach reach, std::string_view other) {
  if (reach == FileFault::Reach::entry || !other.starts_with(place)) {
    return place == other;
  }
  return place == "/" || other.size() == place.size() || other[place.size()] == '/';
}

}  // namespace

void FileFaults::add(std::string place, FileFault fault) {
  faults_.push_back({.place = std::move(place), .fault = fault});
}

bool FileFaults::remove(std::string_view place) {
  return std::erase_if(faults_, [&](const Placed& fault) { return fault.place == place; }) > 0;
}

int FileFaults::error_of(FileCall call, std::string_view place) const {
  const auto found = std::find_if(faults_.rbegin(), faults_.rend(), [&](const Placed& placed) {
    return placed.fault.call.value_or(call) == call &&
           covers(placed.place, placed.fault.reach, place);
  });
  if (found == faults_.rend()) {
    return 0;
  }
  const int error = found->fault.error;
  if (found->fault.times > 0 && --found->fault.times == 0) {
    found->fault.error = 0;
  }
  return error;
}

}  // namespace sim
