#include "agent/sip/uri.h"

#include <gtest/gtest.h>

namespace sip {
namespace {

TEST(RequestUriTest, IsASipUri) {
  for (const auto* text : {"sip:monitor@127.0.0.1:5060", "sip:example.com", "SIP:a@example.com",
                           "sip:[2001:db8::1]", "sip:a@[::1]:5060", "sip:a:secret@example.com",
                           "sip:a%20b@example.com", "sip:a@example.com;transport=tcp;lr",
                           "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@h"}) {
    EXPECT_TRUE(is_request_uri(text)) << text;
  }
}

TEST(RequestUriTest, RejectsOtherText) {
  for (const auto* text : {"",
                           "sip:",
                           "example.com",
                           "monitor@127.0.0.1",
                           "sips:a@example.com",
                           "tel:+1234",
                           "sip:@example.com",
                           "sip:a@",
                           "sip:a b@example.com",
                           "sip:a@exam ple.com",
                           "sip:a@example.com:",
                           "sip:a@example.com:0",
                           "sip:a@example.com:65536",
                           "sip:a@h:5060x",
                           "sip:a@example.com?subject=x",
                           "sip:a@[::1",
                           "sip:a@::1",
                           "sip:a@[]",
                           "<sip:a@example.com>",
                           "sip:a@example.com\r\nX: y",
                           "sip:a@example.com;x=\n",
                           "sip:a%2@example.com",
                           "sip:a%@h",
                           "sip:a%zz@h",
                           "sip:a\"b@h",
                           "sip:a@b@c"}) {
    EXPECT_FALSE(is_request_uri(text)) << text;
  }
}

}  // namespace
}  // namespace sip
