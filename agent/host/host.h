#pragma once

namespace host {

class Accounts;
class Clock;
class FileSystem;
class Log;
class Network;
class ProcessRunner;
class ProcessTable;
class Random;

// Everything that an agent may use of a machine. The creator of a Host owns the parts.
struct Host {
  Clock& clock;
  FileSystem& files;
  ProcessTable& processes;
  ProcessRunner& runner;
  Network& network;
  Random& random;
  Accounts& accounts;
  Log& log;
};

}  // namespace host
