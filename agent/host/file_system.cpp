#include "agent/host/file_system.h"

namespace host {

std::string text_of(const Exposure& exposure) {
  switch (exposure.to) {
    case Exposure::To::owner:
      return exposure.path + " belongs to uid " + std::to_string(exposure.owner.user);
    case Exposure::To::group:
      return exposure.path + " can be written by gid " + std::to_string(exposure.owner.group);
    case Exposure::To::everybody:
      return exposure.path + " can be written by everybody";
  }
  return {};
}

}  // namespace host
