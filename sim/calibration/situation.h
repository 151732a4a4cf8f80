#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace calibration {

using Duration = std::chrono::milliseconds;

enum class Transport { udp, tcp };

struct Endpoint {
  Transport transport = Transport::udp;
  std::string address;  // numerical, IPv6 without brackets
  int port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// Who may do what with a file.
struct Access {
  std::string user = "root";
  std::string group = "root";
  int mode = 0644;

  friend bool operator==(const Access&, const Access&) = default;
};

// What is there before the action. A player sets them up in the order in which they are given.

struct File {
  std::string path;
  std::string text;
  Access access;
};

struct Directory {
  std::string path;
  Access access{.mode = 0755};
};

enum class PidOf { living, dead, zombie };

// A file with the pid of a process that has nothing to do with Kamailio.
struct PidFile {
  std::string path;
  PidOf names = PidOf::living;
  Access access;
};

struct Fifo {
  enum class Reader { none, silent };

  std::string path;
  Reader reader = Reader::none;  // silent: has it open and never reads
  Access access{.mode = 0660};
};

// What a responder does on a request, some time after what it did before.
struct Reply {
  Duration after{0};
  std::string status = {};  // of a whole response, as "200 OK"
  std::string fields = {};  // further header fields of it, each with its line end
  std::string text = {};    // these bytes instead of a response
  bool closes = false;      // ends the TCP connection, behind what was sent
};

// A SIP server that is not Kamailio. Without replies it is silent: it takes what comes.
struct Responder {
  Endpoint at;
  int ignores = 0;  // so many requests before it replies
  std::vector<Reply> replies;
};

// A Kamailio that has been started like this, with success.
struct Server {
  std::vector<std::string> arguments;
};

enum class Receiver { main, all, children, first_child };

// Sent to processes of the server; a player waits for what comes of it.
struct Signal {
  int number = 0;
  Receiver to = Receiver::main;
};

// A file of the machine that is not there.
struct Without {
  std::string path;
};

struct Variable {
  std::string name;
  std::string value;
};

// Who runs the program of the action; root otherwise.
struct User {
  std::string name;
};

using Given = std::variant<File, Directory, PidFile, Fifo, Responder, Server, Signal, Without,
                           Variable, User>;

// What is done then, and observed.

struct Run {
  std::vector<std::string> arguments;  // the first one is a bare name, as "kamailio"
};

// One OPTIONS request, and what comes back.
struct Ask {
  Endpoint at;
};

using Action = std::variant<Run, Signal, Ask>;

// How it ended.

struct Exited {
  int code = 0;

  friend bool operator==(const Exited&, const Exited&) = default;
};

struct Killed {
  int signal = 0;

  friend bool operator==(const Killed&, const Killed&) = default;
};

// It did not end by itself in the time it was given.
struct Hangs {
  friend bool operator==(const Hangs&, const Hangs&) = default;
};

// The first line of the response; or "refused", "closed" or "nothing", if there was none.
struct Answered {
  std::string line;

  friend bool operator==(const Answered&, const Answered&) = default;
};

// Of a signal that was sent there is only what it leaves to see.
using Ending = std::variant<std::monostate, Exited, Killed, Hangs, Answered>;

// What is there afterwards.

// Living processes that are alike.
struct Processes {
  std::string is;  // "main" and "child" of a server, "orphan" without its main process, or a name
  std::string user;
  bool is_stopped = false;
  int count = 1;

  friend bool operator==(const Processes&, const Processes&) = default;
};

// What a file below /run or /tmp is.
struct LeftFile {
  std::string path;
  std::string is;  // "file", "fifo", "socket", "link"
  Access access;
  // Of a PID file, whom it names: "main" or "child" of a server, "living" for any other process,
  // "dead" if there is none, "nothing" if it holds no number.
  std::string names = {};

  friend bool operator==(const LeftFile&, const LeftFile&) = default;
};

// All processes that the action or a server left, all files below /run and /tmp, and the sockets
// that await requests, but for those of responders.
struct Leaves {
  std::vector<Processes> processes;
  std::vector<LeftFile> files;
  std::vector<Endpoint> listens;

  friend bool operator==(const Leaves&, const Leaves&) = default;
};

struct Observation {
  Ending ending;
  std::vector<std::string> out;  // lines
  std::vector<std::string> err;
  Duration took{0};
  Leaves leaves;
};

struct TimeRange {
  Duration least{0};
  Duration most{1000};

  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// What is known of a situation: an observation, as far as it matters and will be the same again.
struct Facts {
  Ending ending;
  // Patterns of lines that were printed in this order, others may stand between them. Empty:
  // nothing was printed. None: what was printed does not matter.
  std::optional<std::vector<std::string>> out;
  std::optional<std::vector<std::string>> err;
  TimeRange takes;
  Leaves leaves;  // paths of files are patterns
};

// Lines of the file that a situation stands in, from 1, `end` behind the last.
struct Lines {
  int begin = 0;
  int end = 0;
};

struct Situation {
  std::string id;
  std::string says;
  bool is_slow = false;
  std::vector<Given> given;
  Action action;
  std::optional<Duration> lasts;  // how long a player waits before it ends the program
  std::optional<Facts> facts;
  Lines fact_lines;  // empty where facts are to be inserted
};

}  // namespace calibration
