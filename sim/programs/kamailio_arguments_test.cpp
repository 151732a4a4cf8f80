#include "sim/programs/kamailio_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

// The behaviour of Kamailio 5.6.3.

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(KamailioArguments, PassOverWordsThatAreNoOptions) {
  const auto parsed = parse_kamailio_arguments(
      {"kamailio", "-c", "more", "-f", "/k.cfg", ";", "touch", "-", "-A", "X=1", "words"});
  EXPECT_THAT(parsed.refusal, IsEmpty());
  EXPECT_TRUE(parsed.only_checks);
  EXPECT_EQ(parsed.config, "/k.cfg");
  EXPECT_THAT(parsed.defines, ElementsAre("X=1"));
}

TEST(KamailioArguments, MayBeLongAndShortened) {
  const auto parsed = parse_kamailio_arguments(
      {"kamailio", "--debug=2", "--deb", "3", "--atexit=no", "--alias", "b", "--vers", "-x", "fm"});
  EXPECT_THAT(parsed.refusal, IsEmpty());
  EXPECT_FALSE(parsed.is_refused_silently);
  EXPECT_EQ(parsed.tells, KamailioArguments::Tells::version);
}

TEST(KamailioArguments, AreRefusedIfALongOptionIsUnknownOrItsValueIs) {
  for (const auto* const word : {"--nonsense", "--domain=x", "--iuid=x", "--all-errors", "--s=1"}) {
    EXPECT_THAT(parse_kamailio_arguments({"kamailio", word}).refusal, HasSubstr("Unknown option"))
        << word;
  }
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "--alias"}).refusal,
              HasSubstr("requires an argument"));
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "--atexit=maybe"}).refusal,
              HasSubstr("bad atexit value: maybe"));
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "--atexit="}).refusal,
              HasSubstr("bad atexit value: "));
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "--debug=x"}).refusal,
              HasSubstr("bad debug level value: x"));
  EXPECT_TRUE(parse_kamailio_arguments({"kamailio", "-x", "nomgr"}).is_refused_silently);
}

TEST(KamailioArguments, AreRefusedIfAnOptionIsUnknownOrIncomplete) {
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "-z"}).refusal, HasSubstr("'-z'"));
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "-C"}).refusal, HasSubstr("'-C'"));
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "-P"}).refusal, HasSubstr("'-P'"));
}

TEST(KamailioArguments, AreRefusedIfTheValueOfAnOptionIsInvalid) {
  for (const auto& [option, value, refusal] :
       std::vector<std::array<std::string, 3>>{{"-n", "x", "bad process number: -n x"},
                                               {"-N", "x", "bad process number: -N x"},
                                               {"-O", "x", "bad optimization level: -O x"},
                                               {"-b", "x", "bad max buffer size number: -b x"},
                                               {"-W", "x", "bad poll method name: -W x"},
                                               {"-a", "x", "bad auto aliases parameter: x"}}) {
    EXPECT_THAT(parse_kamailio_arguments({"kamailio", option, value}).refusal, HasSubstr(refusal));
  }
  EXPECT_THAT(
      parse_kamailio_arguments({"kamailio", "-n", "4", "-W", "epoll_lt", "-a", "no"}).refusal,
      IsEmpty());
}

TEST(KamailioArguments, EndAtTwoHyphens) {
  EXPECT_FALSE(parse_kamailio_arguments({"kamailio", "-T", "--", "-c"}).only_checks);
}

}  // namespace
}  // namespace sim
