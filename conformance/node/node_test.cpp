#include "conformance/node/apart.h"
#include "conformance/node/network.h"
#include "conformance/node/processes.h"
#include "conformance/node/root.h"
#include "conformance/node/storage.h"
#include "conformance/node/time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace node {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The result of a function on a node with this setup.
std::string on_a_node(const std::function<void(Root&)>& change,
                      const std::function<std::string(Init&)>& play) {
  const auto apart = run_apart(
      [&] {
        Root root;
        change(root);
        root.enter();
        make_network({"192.168.159.128"});
      },
      play);
  return heard_from(apart);
}

std::string on_a_node(const std::function<std::string()>& play) {
  return on_a_node([](Root&) {}, [&](Init&) { return play(); });
}

std::string contents_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string shell(const std::string& command) {
  const std::string out = "/tmp/.out";
  const int status = std::system(("(export LC_ALL=C; " + command + ") >" + out + " 2>&1").c_str());
  return contents_of(out) + (status == 0 ? "" : "code " + std::to_string(WEXITSTATUS(status)));
}

TEST(NodeTest, WhatAProcessSaysOnItsNodeIsHeard) {
  EXPECT_EQ(on_a_node([] { return std::string("here"); }), "here");
  EXPECT_EQ(on_a_node([]() -> std::string { throw std::runtime_error("not so"); }), "!not so");
  EXPECT_EQ(on_a_node([](Root&) { throw std::runtime_error("no root"); },
                      [](Init&) { return std::string("never"); }),
            "!no root");
}

TEST(NodeTest, TheMachineIsThereToBeReadOnly) {
  const auto seen = on_a_node([] {
    return shell(
        "test -x /usr/bin/env && cat /etc/passwd | head -n 1; touch /usr/bin/new; "
        "touch /.machine/tmp/new; echo >>/etc/passwd");
  });
  EXPECT_THAT(seen, StartsWith("root:"));
  EXPECT_THAT(seen, HasSubstr("touch: cannot touch '/usr/bin/new': Read-only file system"));
  EXPECT_THAT(seen, HasSubstr("touch: cannot touch '/.machine/tmp/new': Read-only file system"));
  EXPECT_THAT(seen, HasSubstr("code"));
}

TEST(NodeTest, WhatANodeWritesIsNotOnTheMachine) {
  const std::string name = "of-a-node-" + std::to_string(::getpid());
  const auto seen = on_a_node([&] {
    for (const std::string directory :
         {"/run/", "/tmp/", "/var/tmp/", "/var/run/", "/etc/", "/var/lib/", "/dev/shm/"}) {
      std::ofstream(directory + name) << "text";
    }
    return shell("ls /run/" + name + " /tmp/" + name + " /var/lib/" + name + " /etc/" + name);
  });
  EXPECT_THAT(seen, Not(HasSubstr("cannot"))) << seen;
  for (const std::string directory :
       {"/run/", "/tmp/", "/var/tmp/", "/etc/", "/var/lib/", "/dev/shm/"}) {
    EXPECT_FALSE(fs::exists(directory + name)) << directory;
  }
}

TEST(NodeTest, ProgramsAreReplacedAndTakenAway) {
  const auto seen = on_a_node(
      [](Root& root) {
        root.link("/usr/sbin/sipsak", "/bin/echo");
        root.remove("/usr/bin/env");
        root.write("/usr/lib/ocf/resource.d/acme/widget", "#!/bin/sh\necho widget $1\n", 0755);
        root.make_empty("/usr/share");
      },
      [](Init&) {
        return shell(
            "/usr/sbin/sipsak one; /usr/lib/ocf/resource.d/acme/widget start; "
            "ls -A /usr/share; test -e /usr/bin/env || echo no env");
      });
  EXPECT_EQ(seen, "one\nwidget start\nno env\n");
}

TEST(NodeTest, ALinkOfTheMachineLeadsToTheNode) {
  // /var/run is /run, so nothing is written to the machine through it.
  const std::string name = "through-a-link-" + std::to_string(::getpid());
  const auto seen = on_a_node([&](Root& root) { root.write("/var/run/" + name + "/file", "text"); },
                              [&](Init&) { return contents_of("/run/" + name + "/file"); });
  EXPECT_EQ(seen, "text");
  EXPECT_FALSE(fs::exists("/run/" + name));
}

TEST(NodeTest, ASharedDirectoryIsTheMachines) {
  std::string directory = fs::temp_directory_path() / "shared-XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  on_a_node([&](Root& root) { root.share(directory); },
            [&](Init&) {
              std::ofstream(directory + "/file") << "text";
              return std::string();
            });
  EXPECT_EQ(contents_of(directory + "/file"), "text");
  fs::remove_all(directory);
}

TEST(NodeTest, ANodeSeesItsOwnProcessesAndAddressesOnly) {
  const auto seen = on_a_node([] {
    std::string pids;
    for (const int pid : all_pids()) {
      pids += std::to_string(pid) + " ";
    }
    return pids + contents_of("/proc/net/fib_trie");
  });
  EXPECT_THAT(seen, StartsWith("1 2 "));
  EXPECT_THAT(seen, HasSubstr("192.168.159.128"));
}

TEST(NodeTest, DeathsOfOrphansAndSignalsToInitAreTold) {
  const auto seen =
      on_a_node([](Root&) {},
                [](Init& init) {
                  const pid_t parent = ::fork();
                  if (parent == 0) {
                    if (::fork() == 0) {
                      ::raise(SIGKILL);
                    }
                    ::_exit(0);
                  }
                  ::waitpid(parent, nullptr, 0);
                  ::kill(1, SIGTERM);
                  std::this_thread::sleep_for(std::chrono::milliseconds(100));
                  std::string text;
                  for (const auto& [pid, signal] : init.deaths()) {
                    text += (pid == 1 ? "init " : "orphan ") + std::to_string(signal) + "\n";
                  }
                  return text;
                });
  EXPECT_THAT(seen, HasSubstr("orphan 9\n"));
  EXPECT_THAT(seen, HasSubstr("init 15\n"));
}

TEST(NodeTest, AllEndsWithTheNode) {
  // The pipe stays open as long as any process holds it.
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(on_a_node([] {
              if (::fork() == 0) {
                ::setsid();
                ::sleep(60);
                ::_exit(0);
              }
              return std::string("done");
            }),
            "done");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

// The output of a command on a node with this rate, within 15 s of this machine's time.
std::string shell_at(double rate, const std::string& command) {
  const auto library = find_faketime();
  EXPECT_NE(library, "") << "install faketime";
  const auto begin = std::chrono::steady_clock::now();
  auto seen = on_a_node([&](Root& root) { speed_up(root, library, rate); },
                        [&](Init&) { return shell(command); });
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
  return seen;
}

TEST(NodeTest, TimePassesFasterForPrograms) {
  EXPECT_EQ(shell_at(50,
                     "b=$(date +%s); sleep 20; e=$(date +%s); "
                     "[ $((e - b)) -ge 20 ] && echo slept"),
            "slept\n");
}

// timeout(1) sets a timer.
TEST(NodeTest, TimersKeepThePaceOfTime) {
  EXPECT_EQ(shell_at(20,
                     "b=$(date +%s)\n"
                     "timeout 40 sleep infinity; echo $?\n"
                     "perl -e 'alarm 5; sleep 50'; echo $?\n"
                     "perl -e 'alarm 1000; sleep 1; print 1 + int(alarm(0) / 100), \"\\n\"'\n"
                     "e=$(date +%s); [ $((e - b)) -ge 45 ] && echo slept"),
            "124\nAlarm clock\n142\n10\nslept\n");
}

TEST(NodeTest, StoragesAreSpoilt) {
  const auto seen = on_a_node([] {
    Storage storage("/run/storage");
    std::string text = shell("echo text >/run/storage/file; cat /run/storage/file");
    storage.make_read_only();
    text += shell("rm -f /run/storage/file");
    storage.make_sound();
    storage.make_full();
    text += shell("mkdir /run/storage/directory");
    text += shell("head -c 100000 /dev/zero >>/run/storage/file");
    storage.make_sound();
    return text + shell("mkdir /run/storage/directory && echo sound");
  });
  EXPECT_THAT(seen, StartsWith("text\n"));
  EXPECT_THAT(seen, HasSubstr("Read-only file system"));
  EXPECT_THAT(seen, HasSubstr("'/run/storage/directory': No space left on device"));
  EXPECT_THAT(seen, HasSubstr("No space left on device"));
  EXPECT_THAT(seen, HasSubstr("sound\n"));
}

}  // namespace
}  // namespace node
