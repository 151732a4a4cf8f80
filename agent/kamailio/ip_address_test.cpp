#include "agent/kamailio/ip_address.h"

#include <gtest/gtest.h>

#include <string>

namespace kamailio {
namespace {

using Family = IpAddress::Family;

TEST(AnIpAddress, MayBeIpv4) {
  for (const std::string text : {"127.0.0.1", "0.0.0.0", "192.168.159.128", "255.255.255.255"}) {
    const auto address = parse_ip_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->family, Family::ipv4);
    EXPECT_EQ(address->text, text);
  }
}

TEST(AnIpAddress, MayBeIpv6) {
  for (const std::string text : {"::", "::1", "2001:db8::1", "2001:DB8::1", "fe80::1",
                                 "2001:0db8:0000:0000:0000:0000:0000:0001", "::ffff:192.0.2.1"}) {
    const auto address = parse_ip_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->family, Family::ipv6);
    EXPECT_EQ(address->text, text);
  }
}

TEST(AnIpAddress, IsRecognisedAsTheWildcardInAnySpelling) {
  for (const std::string text : {"0.0.0.0", "::", "0::0", "0:0:0:0:0:0:0:0"}) {
    EXPECT_TRUE(parse_ip_address(text)->is_any) << text;
  }
  EXPECT_FALSE(parse_ip_address("::1")->is_any);
}

TEST(AnIpAddress, RejectsOtherText) {
  for (const std::string text : {"",
                                 " ",
                                 "localhost",
                                 "*",
                                 "127.1",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "1.2.3.256",
                                 "999.1.1.1x",
                                 "-1.2.3.4",
                                 "1.2.3.4 ",
                                 " 1.2.3.4",
                                 "1.2.3.4:5060",
                                 "1.2.3.4/24",
                                 "0x7f.0.0.1",
                                 "2130706433",
                                 ":",
                                 ":::",
                                 "1::2::3",
                                 "12345::",
                                 "g::",
                                 "::1/64",
                                 "1:2:3:4:5:6:7",
                                 "1:2:3:4:5:6:7:8:9"}) {
    EXPECT_EQ(parse_ip_address(text), std::nullopt) << "'" << text << "'";
  }
}

// Some programs read them as octal numbers, others as decimal ones.
TEST(AnIpAddress, HasNoLeadingZeros) {
  EXPECT_EQ(parse_ip_address("010.0.0.1"), std::nullopt);
  EXPECT_EQ(parse_ip_address("192.168.159.028"), std::nullopt);
}

TEST(AnIpAddress, HasNoBracketsAndNoZone) {
  EXPECT_EQ(parse_ip_address("[::1]"), std::nullopt);
  EXPECT_EQ(parse_ip_address("fe80::1%eth0"), std::nullopt);
  EXPECT_EQ(parse_ip_address("fe80::1%1"), std::nullopt);
  EXPECT_EQ(parse_ip_address("fe80::1%"), std::nullopt);
}

TEST(AnIpAddress, HasBracketsInAUriIfItIsIpv6) {
  EXPECT_EQ(parse_ip_address("2001:db8::1")->as_host(), "[2001:db8::1]");
  EXPECT_EQ(parse_ip_address("192.0.2.1")->as_host(), "192.0.2.1");
}

}  // namespace
}  // namespace kamailio
