#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace host {

// The kind of a failure. A kind exists only if some caller acts on it.
enum class ErrorKind {
  not_found,      // the file, process, user or program does not exist
  not_permitted,  // this user may not do that
  not_empty,      // a directory to be removed has entries
  refused,        // nobody accepts a connection or datagrams there
  unreachable,    // there is no route to that address
  wrong_type,     // a socket of another type is there
  failed,         // anything else; the text says what
};

// A failure as a value. The text is for people: it names the subject and the system's message. No
// code branches on it.
struct Error {
  ErrorKind kind = ErrorKind::failed;
  std::string text;

  friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

// The only place where an errno value becomes a kind. The text reads "SUBJECT: MESSAGE", with the
// message of strerror(3).
[[nodiscard]] Error error_from(int errno_value, std::string_view subject);

}  // namespace host
