#include "agent/host/contract/network_contract.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace host::contract {

TEST_P(NetworkOpenContract, FailsForAnInvalidIpAddress) {
  for (const auto kind : {Endpoint::Kind::udp, Endpoint::Kind::tcp}) {
    for (const std::string address :
         {"", "localhost", "[::1]", "127.0.0.1:5060", "127.0.0", "256.0.0.1", "::1::", " ::1"}) {
      EXPECT_TRUE(fails_with(network().open({.kind = kind, .address = address, .port = 5060}),
                             ErrorKind::failed, address))
          << address;
    }
  }
}

TEST_P(NetworkOpenContract, FailsForAnInvalidSocketPath) {
  for (const auto kind : {Endpoint::Kind::unix_datagram, Endpoint::Kind::unix_stream}) {
    const std::string too_long = "/" + std::string(107, 'x');
    EXPECT_TRUE(fails_with(network().open({.kind = kind, .address = ""}), ErrorKind::failed, ""));
    EXPECT_TRUE(fails_with(network().open({.kind = kind, .address = too_long}), ErrorKind::failed,
                           too_long));
  }
}

TEST_P(NetworkOpenContract, AcceptsTheLongestPathOfAUnixSocket) {
  const std::string longest = "/" + std::string(106, 'x');
  for (const auto kind : {Endpoint::Kind::unix_datagram, Endpoint::Kind::unix_stream}) {
    EXPECT_TRUE(fails_with(network().open({.kind = kind, .address = longest}), ErrorKind::not_found,
                           longest));
  }
}

TEST_P(NetworkOpenContract, SaysNotFoundForAMissingUnixSocket) {
  for (const auto kind : {Endpoint::Kind::unix_datagram, Endpoint::Kind::unix_stream}) {
    for (const std::string path : {"/missing", "/missing/socket"}) {
      EXPECT_TRUE(fails_with(network().open({.kind = kind, .address = world().directory() + path}),
                             ErrorKind::not_found, path));
    }
  }
}

TEST_P(NetworkOpenContract, FailsForAUnixSocketThatNobodyListensOn) {
  on_each(unix_sockets(), [&](Way way) {
    const Endpoint endpoint = world().deserted(way);
    EXPECT_TRUE(fails_with(network().open(endpoint), ErrorKind::refused, endpoint.address));
  });
}

TEST_P(NetworkOpenContract, HasNoEventsOfAConversationThatFailedToOpen) {
  on_each(unix_sockets(), [&](Way way) {
    EXPECT_FALSE(network().open(world().deserted(way)));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(NetworkOpenContract, DoesNotWaitForAPeerWithoutRoom) {
  on_each(streams(), [&](Way way) {
    const TimePoint start = now();
    (void)network().open(world().crowded(way));  // may fail, but not succeed so soon
    EXPECT_TRUE(stays_silent());
    EXPECT_LT(now(), start + seconds(30));
  });
}

TEST_P(NetworkPermissionContract, SaysNotPermittedForAUnixSocketOfOthers) {
  on_each(unix_sockets(), [&](Way way) {
    const auto peer = world().peer(way);
    const Endpoint endpoint = peer->endpoint();
    world().make_private(endpoint);
    world().as_ordinary_user([&] {
      EXPECT_TRUE(fails_with(network().open(endpoint), ErrorKind::not_permitted, endpoint.address));
    });
  });
}

TEST_P(NetworkLocalEndpointContract, IsWhatThePeerSees) {
  for (const Ways& ways : {udp(), tcp()}) {
    on_each(ways, [&](Way way) {
      const auto peer = world().peer(way);
      const Conversation conversation = talk_to(*peer);
      const auto before = network().local_endpoint(conversation);
      greet(conversation, *peer);
      EXPECT_TRUE(succeeds(before));
      EXPECT_EQ(before, peer->other_end());
      EXPECT_EQ(network().local_endpoint(conversation), before);
    });
  }
}

TEST_P(NetworkLocalEndpointContract, IsNoneOfAUnixSocket) {
  on_each(unix_sockets(), [&](Way way) {
    const auto peer = world().peer(way);
    EXPECT_TRUE(fails_with(network().local_endpoint(talk_to(*peer)), ErrorKind::failed,
                           peer->endpoint().address));
  });
}

TEST_P(NetworkLocalEndpointContract, IsNoneBeforeAConnection) {
  on_each(tcp(), [&](Way way) {
    const Conversation conversation = open(world().crowded(way));
    EXPECT_TRUE(fails_with(network().local_endpoint(conversation), ErrorKind::failed, ""));
  });
}

TEST_P(NetworkLocalEndpointContract, IsNoneAfterTheEnd) {
  for (const Ways& ways : {udp(), tcp()}) {
    on_each(ways, [&](Way way) {
      const auto peer = world().peer(way);
      const Conversation conversation = talk_to(*peer);
      network().close(conversation);
      EXPECT_TRUE(fails_with(network().local_endpoint(conversation), ErrorKind::failed, ""));
    });
  }
}

TEST_P(NetworkWaitContract, IsSilentUntilTheDeadlineWithoutConversations) {
  const TimePoint deadline = in(milliseconds(50));
  EXPECT_EQ(network().next(deadline), NetworkEvent(Silence{}));
  EXPECT_GE(now(), deadline);
}

TEST_P(NetworkWaitContract, IsSilentUntilTheDeadlineIfThePeerIs) {
  on_each(all_ways(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    const TimePoint deadline = in(milliseconds(50));
    EXPECT_EQ(network().next(deadline), NetworkEvent(Silence{}));
    EXPECT_GE(now(), deadline);
  });
}

TEST_P(NetworkWaitContract, DoesNotWaitForADeadlineOfThePast) {
  const auto peer = world().peer(Way::unix_stream);
  (void)talk_to(*peer);
  const TimePoint start = now();
  EXPECT_EQ(network().next(TimePoint{}), NetworkEvent(Silence{}));
  EXPECT_EQ(network().next(start - std::chrono::hours(1)), NetworkEvent(Silence{}));
  EXPECT_EQ(network().next(start), NetworkEvent(Silence{}));
  EXPECT_LT(now(), start + seconds(30));
}

TEST_P(NetworkWaitContract, ReturnsPendingEventsAfterTheDeadline) {
  const auto peer = world().peer(Way::unix_stream);
  const Conversation conversation = open(peer->endpoint());
  peer->send("news");
  EXPECT_EQ(network().next(TimePoint{}), NetworkEvent(Connected{.conversation = conversation}));
  EXPECT_EQ(network().next(TimePoint{}),
            NetworkEvent(Received{.conversation = conversation, .bytes = "news"}));
  EXPECT_EQ(network().next(TimePoint{}), NetworkEvent(Silence{}));
}

TEST_P(NetworkWaitContract, ReturnsEventsBeforeTheDeadline) {
  on_each(all_ways(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    const TimePoint start = now();
    peer->send_later(milliseconds(50), "at last");
    EXPECT_EQ(network().next(start + std::chrono::hours(1)),
              NetworkEvent(Received{.conversation = conversation, .bytes = "at last"}));
    EXPECT_LT(now(), start + seconds(30));
  });
}

TEST_P(NetworkWaitContract, WaitsOnThroughSignals) {
  world().while_signals_arrive([&] {
    const TimePoint deadline = in(milliseconds(100));
    EXPECT_EQ(network().next(deadline), NetworkEvent(Silence{}));
    EXPECT_GE(now(), deadline);
  });
}

TEST_P(NetworkWaitContract, ReturnsInTimeWhileAPeerNeverPauses) {
  on_each({Way::udp_v4, Way::tcp_v4, Way::unix_stream}, [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->chatter(std::string(1000, 'x'));
    const TimePoint start = now();
    for (int call = 0; call < 100; ++call) {
      const NetworkEvent event = network().next(in(milliseconds(1)));
      EXPECT_FALSE(std::holds_alternative<Ended>(event));
    }
    EXPECT_LT(now(), start + seconds(20));
    network().close(conversation);
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(ConversationsSideBySideContract, HaveDifferentIds) {
  const auto first = world().peer(Way::unix_stream);
  const auto second = world().peer(Way::unix_stream);
  EXPECT_NE(open(first->endpoint()), open(second->endpoint()));
}

TEST_P(ConversationsSideBySideContract, ReceiveOnlyFromTheirOwnPeer) {
  const auto udp_peer = world().peer(Way::udp_v4);
  const auto tcp_peer = world().peer(Way::tcp_v4);
  const Conversation udp = talk_to(*udp_peer);
  const Conversation tcp = talk_to(*tcp_peer);
  greet(udp, *udp_peer);
  greet(tcp, *tcp_peer);
  for (int turn = 0; turn < 20; ++turn) {
    udp_peer->send("datagram");
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = udp, .bytes = "datagram"}));
    tcp_peer->send("stream");
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = tcp, .bytes = "stream"}));
  }
}

TEST_P(ConversationsSideBySideContract, DoNotEndWithEachOther) {
  const auto closing = world().peer(Way::tcp_v4);
  const auto staying = world().peer(Way::tcp_v4);
  const Conversation ended = talk_to(*closing);
  const Conversation other = talk_to(*staying);
  closing->close();
  EXPECT_TRUE(ends(ended));
  greet(other, *staying);
  staying->send("still here");
  EXPECT_EQ(next(), NetworkEvent(Received{.conversation = other, .bytes = "still here"}));
}

TEST_P(ConversationsSideBySideContract, DoNotDelayEachOther) {
  const auto deaf = world().peer(Way::tcp_v4);
  const auto talking = world().peer(Way::udp_v4);
  const Conversation stuck = talk_to(*deaf);
  ASSERT_TRUE(succeeds(network().send(stuck, numbered_text(8'000'000))));
  const Conversation other = talk_to(*talking);
  greet(other, *talking);
  talking->send("answer");
  EXPECT_EQ(next(), NetworkEvent(Received{.conversation = other, .bytes = "answer"}));
}

TEST_P(ConversationsSideBySideContract, MakeProgressBesideAPeerThatNeverPauses) {
  const auto chatterer = world().peer(Way::tcp_v4);
  const auto quiet = world().peer(Way::udp_v4);
  const Conversation loud = talk_to(*chatterer);
  const Conversation other = talk_to(*quiet);
  greet(other, *quiet);
  chatterer->chatter(std::string(1000, 'x'));
  EXPECT_TRUE(std::holds_alternative<Received>(next()));
  quiet->send("answer");
  const TimePoint deadline = in(seconds(20));
  NetworkEvent event = next();
  while (now() < deadline && std::get<Received>(event).conversation == loud) {
    event = next();
  }
  EXPECT_EQ(event, NetworkEvent(Received{.conversation = other, .bytes = "answer"}));
}

TEST_P(NetworkCloseContract, DropsPendingEvents) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = open(peer->endpoint());
    peer->send("unheard");
    network().close(conversation);
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(NetworkCloseContract, DropsLaterEvents) {
  on_each(udp(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    network().close(conversation);
    peer->send("unheard");
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(NetworkCloseContract, DropsOnlyEventsOfThatConversation) {
  const auto first_peer = world().peer(Way::unix_stream);
  const auto second_peer = world().peer(Way::unix_stream);
  const Conversation first = open(first_peer->endpoint());
  const Conversation second = open(second_peer->endpoint());
  network().close(first);
  EXPECT_EQ(next(), NetworkEvent(Connected{.conversation = second}));
  EXPECT_TRUE(stays_silent());
}

TEST_P(NetworkCloseContract, MayBeRepeated) {
  on_each(all_ways(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    network().close(conversation);
    network().close(conversation);
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(NetworkCloseContract, TakesAConversationThatIsOver) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    peer->close();
    EXPECT_TRUE(ends(conversation));
    network().close(conversation);
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(NetworkCloseContract, TakesAConversationThatIsNotYetConnected) {
  on_each(tcp(), [&](Way way) {
    network().close(open(world().crowded(way)));
    network().close(open(world().deserted(way)));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(NetworkCloseContract, DropsBytesThatThePeerHasNotRead) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    ASSERT_TRUE(succeeds(network().send(conversation, numbered_text(8'000'000))));
    network().close(conversation);
    EXPECT_TRUE(stays_silent());
    EXPECT_TRUE(peer->sees_end());
  });
}

TEST_P(NetworkCloseContract, MakesFurtherSendsFail) {
  on_each(all_ways(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    network().close(conversation);
    EXPECT_TRUE(fails_with(network().send(conversation, "late"), ErrorKind::failed, ""));
  });
}

TEST_P(NetworkCloseContract, EndsTheStreamOfThePeer) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    network().close(talk_to(*peer));
    EXPECT_TRUE(peer->sees_end());
  });
}

TEST_P(NetworkCloseContract, ComesForAllConversationsWithTheEndOfTheNetwork) {
  on_each(streams(), [&](Way way) {
    const auto idle = world().peer(way);
    const auto unheard = world().peer(way);
    const auto deaf = world().peer(way);
    (void)talk_to(*idle);
    (void)talk_to(*unheard);
    const Conversation stuck = talk_to(*deaf);
    unheard->send("unheard");
    ASSERT_TRUE(succeeds(network().send(stuck, numbered_text(8'000'000))));
    world().renew_network();
    EXPECT_TRUE(idle->sees_end());
    EXPECT_TRUE(unheard->sees_end());
    EXPECT_TRUE(deaf->sees_end());
  });
}

TEST_P(NetworkCloseContract, ComesWithTheEndOfTheNetworkBeforeAConnection) {
  on_each(tcp(), [&](Way way) {
    (void)open(world().crowded(way));
    world().renew_network();
    EXPECT_TRUE(stays_silent());
  });
}

}  // namespace host::contract
