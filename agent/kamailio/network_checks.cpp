#include "agent/exchange/exchange.h"
#include "agent/host/log.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/reasons.h"
#include "agent/rpc/calls.h"
#include "agent/sip/options_transaction.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

host::Endpoint server_at(const Parameters& parameters, Transport transport) {
  using Kind = host::Endpoint::Kind;
  return {.kind = transport == Transport::udp ? Kind::udp : Kind::tcp,
          .address = parameters.monitoring_ip.text,
          .port = parameters.port};
}

struct Question {
  std::string uri;
  std::string way;  // "udp", "tcp to 192.0.2.1:5060"

  [[nodiscard]] std::string text() const { return "OPTIONS " + uri + " over " + way; }
};

Question question(const Parameters& parameters, Transport transport) {
  const std::string place =
      parameters.monitoring_ip.as_host() + ":" + std::to_string(parameters.port);
  const bool names_the_place = parameters.probe_uri.find(place) != std::string::npos;
  return {.uri = parameters.probe_uri,
          .way = std::string(name_of(transport)) + (names_the_place ? "" : " to " + place)};
}

std::string describe(const sip::Response& result) {
  return "SIP/2.0 " + std::to_string(result.status) + " " + result.reason;
}

std::string why_not(const Parameters& parameters, Transport transport, const host::Error& error) {
  if (error.kind == host::ErrorKind::unreachable) {
    return say<Reason::monitoring_ip_unreachable>(parameters.monitoring_ip.text, error.text);
  }
  if (error.kind == host::ErrorKind::refused) {
    return say<Reason::options_refused>(parameters.monitoring_ip.as_host(), parameters.port,
                                        name_of(transport));
  }
  const auto asked = question(parameters, transport);
  return say<Reason::options_unanswered>(asked.uri, asked.way, error.text);
}

Check read_options(const sip::OptionsTransaction& transaction, const Parameters& parameters,
                   Transport transport) {
  const auto& result = transaction.result();
  const auto asked = question(parameters, transport);
  if (!result) {
    return {.finding = Check::Finding::not_alive,
            .text = why_not(parameters, transport, result.error())};
  }
  if (!parameters.probe_accept.contain(result->status)) {
    return {.finding = Check::Finding::wrong_answer,
            .text = rejection(asked.uri, asked.way, parameters.probe_accept, result->status,
                              describe(*result))};
  }
  return {.text = asked.text() + ": " + describe(*result)};
}

// Any final response proves that the server is alive: sipsak has checked the status.
Check read_confirmation(const sip::OptionsTransaction& transaction, const Parameters& parameters,
                        Transport transport) {
  const auto& result = transaction.result();
  const auto asked = question(parameters, transport).text();
  return result ? Check{.text = asked + ", sent by the agent: " + describe(*result)}
                : Check{.finding = Check::Finding::not_alive,
                        .text = say<Reason::sipsak_deceived>(asked, result.error().text)};
}

std::deque<sip::OptionsTransaction> options_transactions(const host::Host& host,
                                                         const Parameters& parameters) {
  std::deque<sip::OptionsTransaction> transactions;
  for (const auto transport : parameters.proto.transports) {
    transactions.emplace_back(server_at(parameters, transport), parameters.probe_uri, host.random);
  }
  return transactions;
}

}  // namespace

std::vector<Check> confirm_over_network(const host::Host& host, const Parameters& parameters,
                                        host::TimePoint deadline) {
  auto transactions = options_transactions(host, parameters);
  std::vector<exchange::Exchange*> exchanges;
  for (auto& transaction : transactions) {
    exchanges.push_back(&transaction);
  }
  exchange::hold(host.network, host.clock, exchanges, deadline);
  std::vector<Check> checks;
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    checks.push_back(
        read_confirmation(transactions[i], parameters, parameters.proto.transports[i]));
  }
  return checks;
}

std::vector<host::Rival> find_rivals(const host::Host& host, const Parameters& parameters,
                                     const host::ProcessId& main) {
  if (std::ranges::find(parameters.proto.transports, Transport::udp) ==
      parameters.proto.transports.end()) {
    return {};
  }
  auto rivals = host.network.rivals(main, parameters.port);
  if (!rivals) {
    host.log.write(host::Level::debug, rivals.error().text);
  }
  return std::move(rivals).value_or(std::vector<host::Rival>());
}

Findings ask_over_network(const host::Host& host, const Parameters& parameters,
                          const host::ProcessId& main, Depth depth, host::TimePoint deadline) {
  std::vector<exchange::Exchange*> exchanges;
  std::deque<sip::OptionsTransaction> transactions;
  if (parameters.probe == Probe::builtin) {
    transactions = options_transactions(host, parameters);
  }
  for (auto& transaction : transactions) {
    exchanges.push_back(&transaction);
  }
  std::optional<rpc::Calls> calls;
  if (parameters.rpc) {
    exchanges.push_back(&calls.emplace(*parameters.rpc, vital_calls(depth), host.random));
  }
  exchange::hold(host.network, host.clock, exchanges, deadline);

  Findings findings;
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    findings.checks.push_back(
        read_options(transactions[i], parameters, parameters.proto.transports[i]));
  }
  if (calls) {
    auto vitals = read_vitals(host, parameters, main, depth, *calls);
    if (vitals) {
      findings.vitals = *std::move(vitals);
      findings.checks.emplace_back();
    } else {
      findings.checks.push_back({.finding = Check::Finding::no_rpc, .text = vitals.error().text});
    }
  }
  return findings;
}

}  // namespace kamailio
