#include "agent/host/contract/network_contract.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace host::contract {

TEST_P(StreamContract, IsConnectedFirst) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = open(peer->endpoint());
    peer->send("welcome");
    EXPECT_EQ(next(), NetworkEvent(Connected{.conversation = conversation}));
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "welcome"}));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamContract, IsConnectedBeforeThePeerDoesAnything) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = open(peer->endpoint());
    EXPECT_EQ(next(), NetworkEvent(Connected{.conversation = conversation}));
    EXPECT_TRUE(succeeds(network().send(conversation, "unread")));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamContract, BringsTheBytesToThePeerInOrder) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    for (const auto bytes : {std::string_view("on"), std::string_view("e t\0o", 5),
                             std::string_view(""), std::string_view(" three")}) {
      EXPECT_TRUE(succeeds(network().send(conversation, bytes)));
    }
    EXPECT_EQ(taken(*peer, 13), std::string("one t\0o three", 13));
  });
}

TEST_P(StreamContract, BringsTheBytesOfThePeerInOrder) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    const std::string text = numbered_text(20'000);
    for (std::size_t sent = 0, size = 1; sent < text.size(); sent += size, size = size % 997 + 1) {
      peer->send(text.substr(sent, size));
    }
    EXPECT_EQ(received(conversation, text.size()), text);
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamContract, BringsPiecesThatThePeerSendsOneAtATime) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    for (const auto* piece : {"Conte", "nt-Length: ", "0\r", "\n\r\n"}) {
      peer->send(piece);
      EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = piece}));
    }
  });
}

TEST_P(StreamContract, DeliversMoreThanFitsAtOnce) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    const std::string text = numbered_text(8'000'000);
    const TimePoint deadline = in(seconds(30));
    std::string bytes;
    for (std::size_t sent = 0; bytes.size() < text.size() && now() < deadline;) {
      sent += peer->send_some(std::string_view(text).substr(sent));
      bytes += received(conversation, 1);
    }
    EXPECT_TRUE(bytes == text) << bytes.size() << " bytes";
  });
}

TEST_P(StreamContract, KeepsBytesThatThePeerDoesNotReadYet) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    std::string text = numbered_text(8'000'000);
    const TimePoint start = now();
    EXPECT_TRUE(succeeds(network().send(conversation, text)));
    EXPECT_TRUE(succeeds(network().send(conversation, "and ")));
    EXPECT_TRUE(succeeds(network().send(conversation, "the rest")));
    EXPECT_TRUE(stays_silent());
    EXPECT_LT(now(), start + seconds(30));
    text += "and the rest";
    const std::string bytes = taken(*peer, text.size());
    EXPECT_TRUE(bytes == text) << bytes.size() << " bytes";
  });
}

TEST_P(StreamContract, ReceivesFromAPeerThatDoesNotRead) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    EXPECT_TRUE(succeeds(network().send(conversation, numbered_text(8'000'000))));
    peer->send("not now");
    EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "not now"}));
  });
}

TEST_P(StreamContract, IsCompleteDespiteSignals) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const std::string text = numbered_text(8'000'000);
    world().while_signals_arrive([&] {
      const Conversation conversation = talk_to(*peer);
      EXPECT_TRUE(succeeds(network().send(conversation, text)));
      const std::string bytes = taken(*peer, text.size());
      EXPECT_TRUE(bytes == text) << bytes.size() << " bytes";
      peer->send("thanks");
      EXPECT_EQ(next(), NetworkEvent(Received{.conversation = conversation, .bytes = "thanks"}));
    });
  });
}

TEST_P(StreamEndContract, ComesForARefusedConnectionWithoutConnected) {
  on_each(tcp(), [&](Way way) {
    const Conversation conversation = open(world().deserted(way));
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(fails_with(network().send(conversation, "hello?"), ErrorKind::failed, ""));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamEndContract, ComesAfterAllThatThePeerSent) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    const std::string text = numbered_text(100'000);
    peer->send(text);
    peer->close();
    EXPECT_EQ(received(conversation, text.size()), text);
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamEndContract, ComesAfterConnected) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = open(peer->endpoint());
    peer->send("");
    peer->close();
    EXPECT_EQ(next(), NetworkEvent(Connected{.conversation = conversation}));
    EXPECT_TRUE(ends(conversation));
  });
}

TEST_P(StreamEndContract, ComesAfterTheAnswerEvenIfMoreWasSent) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->send("answer");
    peer->close();
    for (int turn = 0; turn < 5; ++turn) {
      (void)network().send(conversation, "one more thing");
    }
    EXPECT_EQ(received(conversation, 6), "answer");
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(stays_silent());
  });
}

// A tcp connection that is reset may lose bytes in transit.
TEST_P(StreamEndContract, ComesAfterTheAnswerOfAPeerThatDoesNotReadToTheEnd) {
  const auto peer = world().peer(Way::unix_stream);
  const Conversation conversation = talk_to(*peer);
  EXPECT_TRUE(succeeds(network().send(conversation, numbered_text(8'000'000))));
  EXPECT_TRUE(stays_silent());
  peer->send("too long");
  peer->close();
  EXPECT_EQ(received(conversation, 8), "too long");
  EXPECT_TRUE(ends(conversation));
}

TEST_P(StreamEndContract, ComesIfThePeerClosesWithoutReading) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    EXPECT_TRUE(succeeds(network().send(conversation, "unread")));
    EXPECT_TRUE(stays_silent());
    peer->close();
    EXPECT_TRUE(ends(conversation));
  });
}

TEST_P(StreamEndContract, ComesIfThePeerBreaksOff) {
  on_each(tcp(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    greet(conversation, *peer);
    peer->reset();
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamEndContract, ComesIfThePeerBreaksOffWithoutTakingEverything) {
  on_each(tcp(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    EXPECT_TRUE(succeeds(network().send(conversation, numbered_text(8'000'000))));
    EXPECT_TRUE(stays_silent());
    peer->reset();
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(stays_silent());
  });
}

TEST_P(StreamEndContract, MakesFurtherSendsFail) {
  on_each(streams(), [&](Way way) {
    const auto peer = world().peer(way);
    const Conversation conversation = talk_to(*peer);
    peer->close();
    EXPECT_TRUE(ends(conversation));
    EXPECT_TRUE(fails_with(network().send(conversation, "late"), ErrorKind::failed, ""));
    EXPECT_TRUE(stays_silent());
  });
}

}  // namespace host::contract
