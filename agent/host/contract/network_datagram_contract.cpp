#include "agent/host/contract/network_contract.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace host::contract {

TEST_P(DatagramContract, HasNoConnectedEvent) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    (void)open(peer->endpoint());
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(DatagramContract, ReachesThePeerUnchanged) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    for (const auto& datagram : {std::string("one"), std::string("t\0o", 3), std::string("three"),
                                 numbered_text(60'000), std::string("five")}) {
      EXPECT_TRUE(succeeds(network().send(conversation, datagram)));
      EXPECT_EQ(peer->take_datagram(), datagram);
    }
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(DatagramContract, DoesNotMergeThoseThatAreSent) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    for (const auto* datagram : {"a", "bb", "ccc", "a"}) {
      EXPECT_TRUE(succeeds(network().send(conversation, datagram)));
    }
    for (const auto* datagram : {"a", "bb", "ccc", "a"}) {
      EXPECT_EQ(peer->take_datagram(), datagram);
    }
  });
}

TEST_P(DatagramContract, BringsTheAnswersOneByOne) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    const std::vector answers = {std::string("one"), std::string("t\0o", 3), numbered_text(60'000),
                                 std::string("four")};
    for (const auto& answer : answers) {
      peer->send(answer);
    }
    for (const auto& answer : answers) {
      EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = answer}));
    }
    EXPECT_TRUE(stays_silent());
  });
}

// jsonrpcs answers with more than fits into a UDP datagram when there are many processes.
TEST_P(DatagramContract, BringsALongAnswerThroughAUnixSocketWhole) {
  on_each({Way::unix_datagram}, [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    const std::string answer = numbered_text(150'000);
    peer->send(answer);
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = answer}));
  });
}

TEST_P(DatagramContract, ReturnsInTimeWhileAPeerSendsNothingButEmptyOnes) {
  on_each({Way::udp_v4}, [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->chatter("");
    const TimePoint start = now();
    for (int call = 0; call < 20; ++call) {
      EXPECT_EQ(network().next(in(milliseconds(10))), NetworkEvent(Silence{}));
    }
    EXPECT_LT(now(), start + seconds(10));
    network().close(conversation);
  });
}

TEST_P(DatagramContract, IgnoresAnEmptyReply) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->send("");
    peer->send("not empty");
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "not empty"}));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(DatagramContract, EndsIfNobodyListens) {
  on_each(udp(), [&](Way way) {
    const Conversation conversation = open(world().deserted(way));
    EXPECT_TRUE(succeeds(network().send(conversation, "anybody?")));
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(fails_with(network().send(conversation, "hello?"), ErrorKind::failed, ""));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(DatagramContract, EndsIfThePeerIsGone) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->close();
    EXPECT_TRUE(succeeds(network().send(conversation, "still there?")));
    EXPECT_TRUE(ends(conversation));
  });
}

TEST_P(DatagramContract, EndsAfterTheAnswersOfAPeerThatIsGone) {
  on_each(udp(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->send("first");
    peer->send("last");
    peer->close();
    EXPECT_TRUE(succeeds(network().send(conversation, "still there?")));
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "first"}));
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "last"}));
    EXPECT_TRUE(ends(conversation));
  });
}

TEST_P(DatagramContract, EndsOnceWhenSendingMeetsTheRefusalOfAnEarlierOne) {
  on_each(udp(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->send("last");
    peer->close();
    for (int turn = 0; turn < 5; ++turn) {
      (void)network().send(conversation, "still there?");
    }
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "last"}));
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(fails_with(network().send(conversation, "hello?"), ErrorKind::failed, ""));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(DatagramContract, IsLostIfThePeerHasNoRoomForIt) {
  on_each(datagrams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    const TimePoint start = now();
    for (int datagram = 0; datagram < 5000; ++datagram) {
      ASSERT_TRUE(succeeds(network().send(conversation, "unread")));
    }
    EXPECT_TRUE(stays_silent());
    EXPECT_LT(now(), start + seconds(30));
    EXPECT_EQ(peer->take_datagram(), "unread");
  });
}

TEST_P(DatagramContract, GetsRepliesOverUnixSocketsWithoutAFile) {
  on_each({Way::unix_datagram}, [&](Way way) {
    const auto peer = world().peer(way);
    const auto before = world().files_of_sockets();
    const Conversation first = talk_to(*peer);
    const Conversation second = talk_to(*peer);
    greet(first, *peer);
    peer->send("to the first");
    greet(second, *peer);
    peer->send("to the second");
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = first, .bytes = "to the first"}));
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = second, .bytes = "to the second"}));
    EXPECT_EQ(world().files_of_sockets(), before);
  });
}

}  // namespace host::contract
