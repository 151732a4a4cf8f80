#include "sim/process/stage.h"

namespace sim {

Task<void> Stage::rest(host::Duration duration) {
  co_await Waiting{*this, {.what = Wait::What::moment, .until = now() + duration}};
}

Task<void> Stage::write(Stream stream, std::string text) {
  for (std::string_view rest = text; !rest.empty();) {
    rest.remove_prefix(write_some(stream, rest));
    if (!rest.empty()) {
      co_await Waiting{*this, {.what = Wait::What::room, .stream = stream}};
    }
  }
  // There is no reader: SIGPIPE may have ended the process.
  co_await Waiting{*this, {.what = Wait::What::moment, .until = now()}};
}

}  // namespace sim
