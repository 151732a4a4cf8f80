#include "sim/calibration/given_reader.h"

#include "sim/calibration/words.h"
#include "sim/yaml/table.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calibration {
namespace {

using yaml::alternatives;
using yaml::list_in;
using yaml::Misread;
using yaml::reject;
using yaml::Table;
using yaml::Tree;
using yaml::word_in;
using yaml::words_in;

// What a situation sets up must not outlive the node on which it is played.
std::string read_path(const Tree& tree) {
  constexpr std::array<std::string_view, 3> places = {"/etc/kamailio/", "/run/", "/tmp/"};
  const auto& path = word_in(tree, "a path");
  const bool is_safe =
      path.find("/../") == std::string::npos &&
      std::ranges::any_of(places, [&](auto place) { return path.starts_with(place); });
  if (!is_safe) {
    reject(tree, "path that a situation may set up", "below /etc/kamailio, /run or /tmp");
  }
  return path;
}

Access read_access(Table& table, Access access) {
  if (const auto* const owner = table.find("owner")) {
    const auto& word = word_in(owner->value, "an owner");
    const auto colon = word.find(':');
    if (colon == std::string::npos) {
      reject(owner->value, "owner", "USER:GROUP");
    }
    access.user = word.substr(0, colon);
    access.group = word.substr(colon + 1);
  }
  if (const auto* const mode = table.find("mode")) {
    const auto bits = mode_of(word_in(mode->value, "a mode"));
    if (!bits) {
      reject(mode->value, "mode", "an octal number, as \"0644\"");
    }
    access.mode = *bits;
  }
  return access;
}

Given read_file(Table& table, const Tree& path, const Configurations& configurations) {
  File file{.path = read_path(path)};
  if (const auto* const config = table.find("config")) {
    const auto text = configurations(word_in(config->value, "a configuration"));
    if (!text) {
      reject(config->value, "configuration", "the name of a file in config/, without .cfg");
    }
    file.text = *text;
  }
  if (const auto* const text = table.find("text")) {
    file.text = word_in(text->value, "a text");
  }
  file.access = read_access(table, file.access);
  return file;
}

Given read_directory(Table& table, const Tree& path, const Configurations& /*configurations*/) {
  Directory directory{.path = read_path(path)};
  directory.access = read_access(table, directory.access);
  return directory;
}

Given read_pid_file(Table& table, const Tree& path, const Configurations& /*configurations*/) {
  PidFile file{.path = read_path(path)};
  const auto& names = table.need("names");
  const auto whom = pid_of(word_in(names, "whom a PID file names"));
  if (!whom) {
    reject(names, "process that a PID file can name", alternatives(pid_of_words()));
  }
  file.names = *whom;
  file.access = read_access(table, file.access);
  return file;
}

Given read_fifo(Table& table, const Tree& path, const Configurations& /*configurations*/) {
  Fifo fifo{.path = read_path(path)};
  const auto& reader = table.need("reader");
  const auto& word = word_in(reader, "a reader");
  if (word != "none" && word != "silent") {
    reject(reader, "reader of a FIFO", "none or silent");
  }
  fifo.reader = word == "none" ? Fifo::Reader::none : Fifo::Reader::silent;
  fifo.access = read_access(table, fifo.access);
  return fifo;
}

Reply read_reply(const Tree& tree) {
  Table table(tree, "a reply");
  Reply reply;
  if (const auto* const after = table.find("after")) {
    reply.after = read_seconds(after->value, "after");
  }
  if (const auto* const status = table.find("status")) {
    reply.status = word_in(status->value, "a status");
  }
  if (const auto* const fields = table.find("fields")) {
    for (const auto& field : words_in(fields->value, "fields")) {
      reply.fields += field + "\r\n";
    }
  }
  if (const auto* const text = table.find("text")) {
    reply.text = word_in(text->value, "a text");
  }
  if (const auto* const close = table.find("close")) {
    reply.closes = word_in(close->value, "close") == "true";
  }
  table.finish();
  return reply;
}

Given read_responder(Table& table, const Tree& at, const Configurations& /*configurations*/) {
  Responder responder{.at = read_endpoint(at)};
  if (const auto* const ignores = table.find("ignores")) {
    const auto number = number_of(word_in(ignores->value, "ignores"));
    if (!number || *number < 0) {
      reject(ignores->value, "number of requests", "a whole number");
    }
    responder.ignores = *number;
  }
  if (const auto* const replies = table.find("replies")) {
    for (const auto& reply : list_in(replies->value, "replies")) {
      responder.replies.push_back(read_reply(reply));
    }
  }
  return responder;
}

Given read_server(Table& /*table*/, const Tree& arguments,
                  const Configurations& /*configurations*/) {
  return Server{.arguments = words_in(arguments, "a server's command line")};
}

Given read_sent(Table& table, const Tree& signal, const Configurations& /*configurations*/) {
  return Signal{.number = read_signal(signal), .to = read_receiver(table.need("to"))};
}

Given read_without(Table& /*table*/, const Tree& path, const Configurations& /*configurations*/) {
  const auto& word = word_in(path, "a path");
  if (!word.starts_with('/')) {
    reject(path, "path", "absolute");
  }
  return Without{.path = word};
}

Given read_variable(Table& table, const Tree& name, const Configurations& /*configurations*/) {
  return Variable{.name = word_in(name, "the name of a variable"),
                  .value = word_in(table.need("value"), "a value")};
}

Given read_user(Table& /*table*/, const Tree& name, const Configurations& /*configurations*/) {
  return User{.name = word_in(name, "a user")};
}

struct Kind {
  std::string_view key;
  Given (*read)(Table& table, const Tree& value, const Configurations& configurations);
};

constexpr std::array<Kind, 10> kinds = {{{"file", read_file},
                                         {"directory", read_directory},
                                         {"pid_file", read_pid_file},
                                         {"fifo", read_fifo},
                                         {"responder", read_responder},
                                         {"server", read_server},
                                         {"signal", read_sent},
                                         {"without", read_without},
                                         {"variable", read_variable},
                                         {"user", read_user}}};

}  // namespace

Given read_given(const Tree& tree, const Configurations& configurations) {
  Table table(tree, "what is given");
  if (tree.entries.empty()) {
    throw Misread{tree.place, "what is given says nothing"};
  }
  const auto& first = tree.entries.front();
  const auto* const kind = std::ranges::find(kinds, first.key, &Kind::key);
  if (kind == kinds.end()) {
    std::vector<std::string> known;
    for (const auto& one : kinds) {
      known.emplace_back(one.key);
    }
    throw Misread{first.place, "\"" + first.key +
                                   "\" is nothing that can be given: it begins with " +
                                   alternatives(known)};
  }
  Table named(tree, "a given " + first.key);
  const auto& value = named.need(first.key);
  auto given = kind->read(named, value, configurations);
  named.finish();
  return given;
}

Endpoint read_endpoint(const Tree& tree) {
  const auto endpoint = endpoint_of(word_in(tree, "an address"));
  if (!endpoint) {
    reject(tree, "address", "udp:ADDRESS:PORT or tcp:ADDRESS:PORT, with IPv6 in brackets");
  }
  return *endpoint;
}

int read_signal(const Tree& tree) {
  const auto signal = signal_of(word_in(tree, "a signal"));
  if (!signal) {
    reject(tree, "signal", alternatives(signal_words()));
  }
  return *signal;
}

Receiver read_receiver(const Tree& tree) {
  const auto receiver = receiver_of(word_in(tree, "a receiver"));
  if (!receiver) {
    reject(tree, "receiver", alternatives(receiver_words()));
  }
  return *receiver;
}

Duration read_seconds(const Tree& tree, const char* what) {
  const auto seconds = seconds_of(word_in(tree, what));
  if (!seconds) {
    reject(tree, "time", "a number of seconds");
  }
  return *seconds;
}

}  // namespace calibration
