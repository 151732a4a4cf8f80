#pragma once

namespace posix {

// Opens /dev/null for each standard stream that this process was started without, or the next file
// that it opens would become its standard error. In the wrong direction, so that what is written
// there still fails. To be called before anything else is opened.
void open_missing_standard_streams();

}  // namespace posix
