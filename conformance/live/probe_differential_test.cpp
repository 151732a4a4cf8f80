// Compares sipsak and the built-in probe on the same servers. Where they differ, the table has the
// reason, and the test fails if they no longer differ.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"
#include "conformance/live/responder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace live {
namespace {

using namespace std::chrono_literals;

constexpr int port = 5060;
constexpr int alive = 0;
constexpr int not_alive = 1;

// The behaviour of a server at OPTIONS, and the exit code of a monitor with either probe.
struct Case {
  const char* name;
  Behaviour behaviour;  // none: no listener
  int expected = alive;
  std::optional<int> with_sipsak = std::nullopt;  // if it differs
  const char* because = "";                       // it differs
  const char* proto = "";                         // empty: over udp, and then over tcp

  friend void PrintTo(const Case& tested, std::ostream* stream) {  // NOLINT: GoogleTest's name
    *stream << tested.name << " over " << tested.proto;
  }
};

Behaviour answer(const std::string& status, const std::string& fields = "",
                 const std::string& body = "") {
  return [=](std::string_view request) {
    return std::vector<Act>{{.bytes = response_to(request, status, fields, body)}};
  };
}

// Provisional responses with pauses of some milliseconds, and then a final one.
Behaviour answer_after(const std::vector<std::string>& provisional, const std::string& status) {
  return [=](std::string_view request) {
    std::vector<Act> acts;
    for (const auto& early : provisional) {
      acts.push_back({.after = 10ms, .bytes = response_to(request, early)});
    }
    acts.push_back({.after = 30ms, .bytes = response_to(request, status)});
    return acts;
  };
}

Behaviour answer_late(std::chrono::milliseconds delay) {
  return [=](std::string_view request) {
    return std::vector<Act>{{.after = delay, .bytes = response_to(request, "200 OK")}};
  };
}

// A response with one replacement.
Behaviour answer_with(const std::string& what, const std::string& with) {
  return [=](std::string_view request) {
    auto response = response_to(request, "200 OK");
    response.replace(response.find(what), what.size(), with);
    return std::vector<Act>{{.bytes = response}};
  };
}

Behaviour first(const std::string& bytes, const Behaviour& then) {
  return [=](std::string_view request) {
    auto acts = then(request);
    acts.front().after = 20ms;
    acts.insert(acts.begin(), Act{.bytes = bytes});
    return acts;
  };
}

Behaviour in_pieces(std::size_t size) {
  return [=](std::string_view request) {
    const auto response =
        response_to(request, "200 OK", "X-Long: " + std::string(600, 'x') + "\r\n");
    std::vector<Act> acts;
    for (std::size_t begin = 0; begin < response.size(); begin += size) {
      acts.push_back({.after = 5ms, .bytes = response.substr(begin, size)});
    }
    return acts;
  };
}

const Behaviour silence = [](std::string_view) { return std::vector<Act>{}; };

const std::string stray =
    "SIP/2.0 404 Not yours\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKstray\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:b@127.0.0.1>;tag=2\r\n"
    "Call-ID: stray\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

std::vector<Case> cases() {
  std::vector<Case> all = {
      {"ItAnswers200", answer("200 OK")},
      {"ItAnswers202", answer("202 Accepted")},
      {"ItAnswers299", answer("299 Odd")},
      {"ItAnswers404", answer("404 Not Found"), not_alive},
      {"ItAnswers480", answer("480 Temporarily Unavailable"), not_alive},
      {"ItAnswers486", answer("486 Busy Here"), not_alive},
      {"ItAnswers500", answer("500 Server Internal Error"), not_alive},
      {"ItAnswers503", answer("503 Service Unavailable"), not_alive},
      {"ItAnswers603", answer("603 Decline"), not_alive},
      {"ItRedirectsToNowhere", answer("302 Moved Temporarily"), not_alive},
      {"ItWantsAPassword",
       answer("401 Unauthorized",
              "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5\r\n"),
       not_alive},
      {"ItSaysTryingFirst", answer_after({"100 Trying"}, "200 OK")},
      {"ItRingsFirst", answer_after({"100 Trying", "180 Ringing", "183 Progress"}, "200 OK")},
      {"ItRingsAndDeclines", answer_after({"180 Ringing"}, "486 Busy Here"), not_alive},
      {"ItNeverGetsBeyondTrying", answer("100 Trying"), not_alive},
      {"ItIsSilent", silence, not_alive},
      {"NobodyListens", nullptr, not_alive},
      {"ItIsLate", answer_late(200ms)},
      {"ItIsLaterThanARetransmission", answer_late(700ms)},
      {"ItIsTooLate", answer_late(3s), not_alive},
      {"ItAnswersTwice",
       [](std::string_view request) {
         return std::vector<Act>(2, {.bytes = response_to(request, "200 OK")});
       }},
      {"ItAnswersWithABody", answer("200 OK", "Content-Type: text/plain\r\n", "Hello\r\n\r\nyou")},
      {"ItAnswersWithoutAReason", answer("200 ")},
      {"ItAnswersInCompactForm", answer_with("\r\nVia: ", "\r\nv: ")},
      {"ItFoldsItsVia", answer_with(";branch=", "\r\n ;branch=")},
      {"ItSaysNothingButGarbage",
       [](std::string_view) { return std::vector<Act>{{.bytes = "garbage\r\n\r\n"}}; }, not_alive},
      {"ItAnswersAfterGarbage", first("garbage\r\n\r\n", answer("200 OK")), alive, not_alive,
       "sipsak takes whatever comes over UDP for the final response", "udp"},
      {"ItAnswersAfterGarbage", first("garbage\r\n\r\n", answer("200 OK")), alive, std::nullopt, "",
       "tcp"},
      {"ItAnswersSomebodyElseFirst", first(stray, answer("200 OK")), alive, not_alive,
       "sipsak takes the response to another request for its own (RFC 3261, 17.1.3)"},
      {"ItAnswersSomebodyElse", [](std::string_view) { return std::vector<Act>{{.bytes = stray}}; },
       not_alive},
      {"ItAnswersInPieces", in_pieces(100), alive, std::nullopt, "", "tcp"},
      {"ItClosesTheConnection", [](std::string_view) { return std::vector<Act>{{.closes = true}}; },
       not_alive, std::nullopt, "", "tcp"},
      {"ItAnswersAndClosesTheConnection",
       [](std::string_view request) {
         return std::vector<Act>{{.bytes = response_to(request, "200 OK"), .closes = true}};
       },
       alive, std::nullopt, "", "tcp"},
      {"ItSaysTryingAndTheAnswerInOnePiece",
       [](std::string_view request) {
         return std::vector<Act>{
             {.bytes = response_to(request, "100 Trying") + response_to(request, "200 OK")}};
       },
       alive, not_alive, "sipsak reads one message of what arrived together", "tcp"},
      {"ItForgetsContentLengthOnAStream", answer_with("Content-Length: 0\r\n", ""), alive,
       not_alive,
       "sipsak waits for a body whose length nobody told; the header says all that is asked",
       "tcp"},
  };
  std::vector<Case> by_transport;
  for (const auto& one : all) {
    for (const auto* proto : {"udp", "tcp"}) {
      if (one.proto == std::string() || one.proto == std::string(proto)) {
        by_transport.push_back(one);
        by_transport.back().proto = proto;
      }
    }
  }
  return by_transport;
}

// The instance is a shell that looks like Kamailio's main process; the server is a thread here.
class ProbeDifferential : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    resource_ = make_resource("p_kam", port)
                    .with("proto", GetParam().proto)
                    .with("probe_accept", "2xx")
                    .with("probe_timeout", "1500ms");
    std::filesystem::create_directories("/run/kamailio_p_kam");
    main_ = start_look_alike(resource_, "touch /tmp/ready; while true; do sleep 1; done");
    write_file("/run/kamailio_p_kam/kamailio.pid", std::to_string(main_) + "\n");
  }
  void TearDown() override { ::kill(main_, SIGKILL); }

  [[nodiscard]] cluster::Result ask(const char* probe) const {
    return agent().run(resource_.with("probe", probe), {.action = "monitor", .timeout = 10s});
  }

 private:
  cluster::Resource resource_;
  int main_ = 0;
};

TEST_P(ProbeDifferential, SaysTheSameAsSipsak) {
  std::optional<Responder> responder;
  if (GetParam().behaviour) {
    responder.emplace(port, GetParam().behaviour);
  }
  const auto builtin = ask("builtin");
  const auto sipsak = ask("sipsak");
  EXPECT_EQ(builtin.code, GetParam().expected) << ::testing::PrintToString(builtin);
  EXPECT_EQ(sipsak.code, GetParam().with_sipsak.value_or(GetParam().expected))
      << GetParam().because << ::testing::PrintToString(sipsak);
}

INSTANTIATE_TEST_SUITE_P(If, ProbeDifferential, ::testing::ValuesIn(cases()),
                         [](const auto& tested) {
                           return std::string(tested.param.name) + "_" + tested.param.proto;
                         });

}  // namespace
}  // namespace live
