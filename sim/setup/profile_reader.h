#pragma once

#include "agent/host/network.h"
#include "sim/programs/profile.h"
#include "sim/yaml/table.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace sim {

// The names under which a file sets how actors behave:
//
//   kamailio: {on_sigterm: ignore}
//   sipsak: {ill: hangs}

// One of them, for those who look for what there is.
struct ProfileOption {
  std::string actor;
  std::string name;
  std::string allowed;
  std::string meaning;
  std::string usual = {};  // without a word; empty: nothing
};
[[nodiscard]] std::vector<ProfileOption> profile_options();

// What changes in a profile: options of one actor.
struct ProfileChange {
  std::string actor;
  yaml::Tree options;

  // Whether it says only what the real Kamailio reads in its configuration.
  [[nodiscard]] bool tells_of_configuration() const;

  // None of them is misread any more.
  void operator()(Profile& profile) const;
};

// Reads the table of one actor; what it does not name stays as it is. Throws Misread.
[[nodiscard]] ProfileChange read_options(const std::string& actor, const yaml::Tree& tree);

// Reads a file of such tables, as the fake executables are given one. It may have a table more,
// of what is different with one server, called by its PID file:
//
//   servers: {/run/two.pid: {deaf: [udp]}}
[[nodiscard]] tl::expected<Profile, yaml::BadInput> read_profile_file(
    const std::string& file, const std::string& text, const std::string& pid_file = "");

// {ignores, replies, ...}: what a SIP server answers. Throws Misread.
[[nodiscard]] SipBehaviour read_behaviour(const yaml::Tree& tree);

// "udp:127.0.0.1:5060". Throws Misread.
[[nodiscard]] host::Endpoint read_endpoint(const yaml::Tree& tree);

// "5s", "1.5s", "200ms". Throws Misread.
[[nodiscard]] host::Duration read_duration(const yaml::Tree& tree, const std::string& what);

}  // namespace sim
