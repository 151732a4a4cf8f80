#include "conformance/report/page/markup.h"

#include "conformance/report/plain.h"

namespace conformance {
namespace {

// More than anybody reads, and little enough for a page with hundreds of them.
constexpr std::size_t longest_text = 4000;

}  // namespace

Markup& Markup::raw(std::string_view markup) {
  made_ += markup;
  return *this;
}

Markup& Markup::text(std::string_view text) {
  for (const char byte : cut(plain(text), longest_text)) {
    switch (byte) {
      case '&':
        made_ += "&amp;";
        break;
      case '<':
        made_ += "&lt;";
        break;
      case '>':
        made_ += "&gt;";
        break;
      case '"':
        made_ += "&quot;";
        break;
      case '\'':
        made_ += "&#39;";
        break;
      default:
        made_ += byte;
    }
  }
  return *this;
}

Markup& Markup::number(std::size_t number) {
  made_ += std::to_string(number);
  return *this;
}

}  // namespace conformance
