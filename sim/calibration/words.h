#pragma once

#include "sim/calibration/situation.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calibration {

// Words of the recordings, read and written. Reading gives nothing if the word is none of them.

// udp:127.0.0.1:5060, tcp:[::1]:5060
[[nodiscard]] std::string word_of(const Endpoint& endpoint);
[[nodiscard]] std::optional<Endpoint> endpoint_of(std::string_view word);

// TERM, KILL, ...; all that are known
[[nodiscard]] std::string signal_word(int signal);
[[nodiscard]] std::optional<int> signal_of(std::string_view word);
[[nodiscard]] std::vector<std::string> signal_words();

// main, all, children, first-child
[[nodiscard]] std::string word_of(Receiver receiver);
[[nodiscard]] std::optional<Receiver> receiver_of(std::string_view word);
[[nodiscard]] std::vector<std::string> receiver_words();

// living, dead, zombie
[[nodiscard]] std::string word_of(PidOf names);
[[nodiscard]] std::optional<PidOf> pid_of(std::string_view word);
[[nodiscard]] std::vector<std::string> pid_of_words();

// 0644
[[nodiscard]] std::string mode_word(int mode);
[[nodiscard]] std::optional<int> mode_of(std::string_view word);

// Seconds: 3, 0.25
[[nodiscard]] std::string seconds_word(Duration duration);
[[nodiscard]] std::optional<Duration> seconds_of(std::string_view word);

[[nodiscard]] std::optional<int> number_of(std::string_view word);

}  // namespace calibration
