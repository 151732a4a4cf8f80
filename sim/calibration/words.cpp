#include "sim/calibration/words.h"

#include "agent/base/number.h"

#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <utility>

namespace calibration {
namespace {

template <typename Value>
using Word = std::pair<std::string_view, Value>;

constexpr std::array<Word<int>, 10> signals = {{{"TERM", SIGTERM},
                                                {"KILL", SIGKILL},
                                                {"STOP", SIGSTOP},
                                                {"CONT", SIGCONT},
                                                {"INT", SIGINT},
                                                {"HUP", SIGHUP},
                                                {"CHLD", SIGCHLD},
                                                {"USR1", SIGUSR1},
                                                {"PIPE", SIGPIPE},
                                                {"ABRT", SIGABRT}}};
constexpr std::array<Word<Receiver>, 4> receiver_names = {{{"main", Receiver::main},
                                                           {"all", Receiver::all},
                                                           {"children", Receiver::children},
                                                           {"first-child", Receiver::first_child}}};
constexpr std::array<Word<PidOf>, 3> pids = {
    {{"living", PidOf::living}, {"dead", PidOf::dead}, {"zombie", PidOf::zombie}}};

template <typename Value, std::size_t size>
std::optional<Value> value_of(const std::array<Word<Value>, size>& table, std::string_view word) {
  for (const auto& [known, value] : table) {
    if (known == word) {
      return value;
    }
  }
  return std::nullopt;
}

template <typename Value, std::size_t size>
std::string word_in(const std::array<Word<Value>, size>& table, Value value) {
  for (const auto& [word, known] : table) {
    if (known == value) {
      return std::string(word);
    }
  }
  return {};
}

template <typename Value, std::size_t size>
std::vector<std::string> words_in(const std::array<Word<Value>, size>& table) {
  std::vector<std::string> words;
  for (const auto& entry : table) {
    words.emplace_back(entry.first);
  }
  return words;
}

}  // namespace

std::string word_of(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.address.find(':') != std::string::npos;
  return (endpoint.transport == Transport::udp ? "udp:" : "tcp:") +
         (is_v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
         std::to_string(endpoint.port);
}

std::optional<Endpoint> endpoint_of(std::string_view word) {
  constexpr std::size_t prefix = 4;
  const bool is_udp = word.starts_with("udp:");
  if (!is_udp && !word.starts_with("tcp:")) {
    return std::nullopt;
  }
  word.remove_prefix(prefix);
  const auto colon = word.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto port = number_of(word.substr(colon + 1));
  auto address = word.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  } else if (address.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  constexpr int highest_port = 65535;
  if (!port || *port < 1 || *port > highest_port || address.empty()) {
    return std::nullopt;
  }
  return Endpoint{.transport = is_udp ? Transport::udp : Transport::tcp,
                  .address = std::string(address),
                  .port = *port};
}

std::string signal_word(int signal) {
  const auto word = word_in(signals, signal);
  return word.empty() ? std::to_string(signal) : word;
}
std::optional<int> signal_of(std::string_view word) { return value_of(signals, word); }
std::vector<std::string> signal_words() { return words_in(signals); }

std::string word_of(Receiver receiver) { return word_in(receiver_names, receiver); }
std::optional<Receiver> receiver_of(std::string_view word) {
  return value_of(receiver_names, word);
}
std::vector<std::string> receiver_words() { return words_in(receiver_names); }

std::string word_of(PidOf names) { return word_in(pids, names); }
std::optional<PidOf> pid_of(std::string_view word) { return value_of(pids, word); }
std::vector<std::string> pid_of_words() { return words_in(pids); }

std::string mode_word(int mode) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode));
  return text.data();
}

std::optional<int> mode_of(std::string_view word) {
  constexpr int highest = 07777;
  const auto mode = base::number_in<int>(word, 8);
  return mode && *mode >= 0 && *mode <= highest ? mode : std::nullopt;
}

std::string seconds_word(Duration duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", static_cast<double>(duration.count()) / 1000);
  return text.data();
}

std::optional<Duration> seconds_of(std::string_view word) {
  double seconds = 0;
  const auto* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, seconds, std::chars_format::fixed);
  constexpr double most = 1000;
  if (error != std::errc() || stop != end || word.empty() || seconds < 0 || seconds > most) {
    return std::nullopt;
  }
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

std::optional<int> number_of(std::string_view word) { return base::number_in<int>(word, 10); }

}  // namespace calibration
