#pragma once

#include <string_view>

namespace conformance::assets {

// The files of conformance/report/page/ that a page is made of, which the program carries with it.
extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;

}  // namespace conformance::assets
