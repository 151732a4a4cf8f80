#pragma once

#include "agent/host/network.h"
#include "sim/programs/profile.h"
#include "sim/yaml/table.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace sim {

// The names under which a file sets the behaviour of actors:
//
//   kamailio: {on_sigterm: ignore}
//   sipsak: {ill: hangs}

// One of these options, for the list of options.
struct ProfileOption {
  std::string actor;
  std::string name;
  std::string allowed;
  std::string meaning;
  std::string usual = {};  // the default; empty: none
};
[[nodiscard]] std::vector<ProfileOption> profile_options();

// A change of a profile: options of one actor.
struct ProfileChange {
  std::string actor;
  yaml::Tree options;

  // Whether it has only options that describe what the real Kamailio reads in its configuration.
  [[nodiscard]] bool tells_of_configuration() const;

  // Applies the options, which are known to be valid.
  void operator()(Profile& profile) const;
};

// Reads the table of one actor. Options that it does not contain stay unchanged. Throws Misread.
[[nodiscard]] ProfileChange read_options(const std::string& actor, const yaml::Tree& tree);

// Reads a profile file of the fake executables, which has such tables. An additional table has
// options for single servers, by PID file:
//
//   servers: {/run/two.pid: {deaf: [udp]}}
[[nodiscard]] tl::expected<Profile, yaml::BadInput> read_profile_file(
    const std::string& file, const std::string& text, const std::string& pid_file = "");

// {ignores, replies, ...}: the replies of a SIP server. Throws Misread.
[[nodiscard]] SipBehaviour read_behaviour(const yaml::Tree& tree);

// "udp:127.0.0.1:5060". Throws Misread.
[[nodiscard]] host::Endpoint read_endpoint(const yaml::Tree& tree);

// "5s", "1.5s", "200ms". Throws Misread.
[[nodiscard]] host::Duration read_duration(const yaml::Tree& tree, const std::string& what);

}  // namespace sim
